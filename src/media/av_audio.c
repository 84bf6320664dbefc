/* SPDX-License-Identifier: Apache-2.0 */
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>

#include "media/helper_av.h"

#define BITRATE 128000

static int rate_of(int given)
{
    return given == 44100 || given == 48000 || given == 32000 ? given : given > 0 && given < 32000 ? 32000 : 48000;
}

/* AAC beside pictures, MP3 alone: what every player reads. */
bool av_audio_open(struct av *a)
{
    const AVCodec *codec =
        a->is_sound ? avcodec_find_encoder_by_name("libmp3lame") : avcodec_find_encoder(AV_CODEC_ID_AAC);
    a->ae = codec == NULL ? NULL : avcodec_alloc_context3(codec);
    if (a->ae == NULL)
        return av_fail(a, "could not be written: this server's FFmpeg has neither AAC nor MP3");
    AVCodecContext *e = a->ae;
    int channels = a->ad->ch_layout.nb_channels == 1 ? 1 : 2;
    av_channel_layout_default(&e->ch_layout, channels);
    e->sample_fmt = AV_SAMPLE_FMT_FLTP;
    e->sample_rate = rate_of(a->ad->sample_rate);
    e->bit_rate = BITRATE;
    e->time_base = (AVRational){ 1, e->sample_rate };
    e->thread_count = 1;
    e->flags |= AV_CODEC_FLAG_BITEXACT | (a->is_sound ? 0 : AV_CODEC_FLAG_GLOBAL_HEADER);
    if (avcodec_open2(e, codec, NULL) < 0)
        return av_fail(a, "has sound that could not be written");
    a->fifo = av_audio_fifo_alloc(e->sample_fmt, channels, e->frame_size > 0 ? e->frame_size : 1024);
    return a->fifo != NULL && av_out_stream(a, e, &a->ao);
}

static AVFrame *samples(const struct av *a, int n)
{
    AVFrame *f = av_frame_alloc();
    if (f == NULL)
        return NULL;
    f->nb_samples = n;
    f->format = a->ae->sample_fmt;
    f->sample_rate = a->ae->sample_rate;
    (void)av_channel_layout_copy(&f->ch_layout, &a->ae->ch_layout);
    if (n > 0 && av_frame_get_buffer(f, 0) < 0)
        av_frame_free(&f);
    return f;
}

/* Made for the first frame. */
static bool converter(struct av *a, const AVFrame *frame)
{
    AVChannelLayout from = { 0 };
    if (a->swr != NULL)
        return true;
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&from, frame->ch_layout.nb_channels > 0 ? frame->ch_layout.nb_channels : 1);
    else if (av_channel_layout_copy(&from, &frame->ch_layout) < 0)
        return false;
    a->swr_format = frame->format;
    a->swr_rate = frame->sample_rate;
    a->swr_channels = from.nb_channels;
    bool done = swr_alloc_set_opts2(&a->swr, &a->ae->ch_layout, a->ae->sample_fmt, a->ae->sample_rate, &from,
                                    frame->format, frame->sample_rate, 0, NULL)
                    >= 0
                && swr_init(a->swr) >= 0;
    av_channel_layout_uninit(&from);
    return done;
}

/* What changes in the middle of a stream is left out: the converter reads as many channels as it was made for. */
static bool same_form(const struct av *a, const AVFrame *f)
{
    return f->format == a->swr_format && f->sample_rate == a->swr_rate && f->ch_layout.nb_channels == a->swr_channels;
}

static bool convert(struct av *a, const AVFrame *frame)
{
    int room = swr_get_out_samples(a->swr, frame == NULL ? 0 : frame->nb_samples);
    if (room <= 0)
        return true;
    AVFrame *out = samples(a, room);
    if (out == NULL)
        return av_fail(a, "needs more memory than it may have");
    int n =
        swr_convert(a->swr, out->data, room, frame == NULL ? NULL : (const uint8_t **)(uintptr_t)frame->extended_data,
                    frame == NULL ? 0 : frame->nb_samples);
    bool kept = n >= 0 && (n == 0 || av_audio_fifo_write(a->fifo, (void **)out->data, n) == n);
    av_frame_free(&out);
    return kept || av_fail(a, "has sound in a form that is not taken here");
}

static bool write_some(struct av *a, int n)
{
    AVFrame *f = samples(a, n);
    bool done = f != NULL && av_audio_fifo_read(a->fifo, (void **)f->data, n) == n;
    if (done) {
        f->pts = a->audio_pts;
        a->audio_pts += n;
        done = av_out_write(a, a->ae, a->ao, f);
    }
    av_frame_free(&f);
    return done || av_fail(a, "has sound that could not be written");
}

/* As much silence as the sound begins later than the pictures. */
static bool begin(struct av *a, const AVFrame *frame)
{
    if (a->audio_pts != 0 || a->is_sound || frame == NULL || av_audio_fifo_size(a->fifo) > 0)
        return true;
    int64_t late_us = av_frame_us(a, frame, a->ai);
    if (late_us > 0 && late_us < VIDEO_SECONDS_MAX * INT64_C(1000000))
        a->audio_pts = av_rescale(late_us, a->ae->sample_rate, 1000000);
    return true;
}

bool av_audio_frame(struct av *a, AVFrame *frame)
{
    int64_t max_s = a->is_sound ? AUDIO_SECONDS_MAX : VIDEO_SECONDS_MAX;
    int chunk = a->ae->frame_size > 0 ? a->ae->frame_size : 1024;
    if (frame != NULL && (!begin(a, frame) || !converter(a, frame)))
        return av_fail(a, "has sound in a form that is not taken here");
    if (a->swr != NULL && (frame == NULL || same_form(a, frame)) && !convert(a, frame))
        return false;
    while (av_audio_fifo_size(a->fifo) >= chunk)
        if (!write_some(a, chunk))
            return false;
    if (a->audio_pts / a->ae->sample_rate > max_s)
        return av_fail(a, a->is_sound ? "is longer than an hour" : "is longer than ten minutes");
    int left = av_audio_fifo_size(a->fifo);
    return frame != NULL || left == 0 || write_some(a, left);
}
