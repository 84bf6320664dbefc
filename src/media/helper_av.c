/* SPDX-License-Identifier: Apache-2.0 */
#include "media/helper_av.h"

#include <stdlib.h>
#include <string.h>

#include "model/media.h"

bool av_fail(struct av *a, const char *why)
{
    if (a->problem == NULL)
        a->problem = why;
    return false;
}

int64_t av_frame_us(const struct av *a, const AVFrame *f, const AVStream *s)
{
    int64_t t = f->best_effort_timestamp == AV_NOPTS_VALUE ? f->pts : f->best_effort_timestamp;
    if (t == AV_NOPTS_VALUE)
        return a->seen_us;
    int64_t us = av_rescale_q(t, s->time_base, (AVRational){ 1, 1000000 }) - a->start_us;
    return us < 0 ? 0 : us;
}

static void report(struct av *a, int64_t at_us)
{
    if (at_us > a->seen_us)
        a->seen_us = at_us;
    unsigned permille = a->duration_us > 0 ? (unsigned)(a->seen_us * 1000 / a->duration_us) : 0;
    permille = permille > 999 ? 999 : permille;
    if (permille >= a->m->r.permille + 10 && a->m->progress != NULL)
        a->m->progress(a->m, permille);
}

/* Encoders are opened when the first frame says what it is; the sound's is, before, so that the file's head knows both.
 */
static bool on_video(struct av *a, AVFrame *f)
{
    if (a->ve == NULL && (!av_video_open(a, f) || (a->ad != NULL && !av_audio_open(a))))
        return false;
    report(a, av_frame_us(a, f, a->vi));
    return av_video_frame(a, f);
}

static bool on_audio(struct av *a, AVFrame *f)
{
    if (!a->is_sound && a->ve == NULL)
        return true; /* sound before the first picture is not heard */
    if (a->ae == NULL && !av_audio_open(a))
        return false;
    report(a, av_frame_us(a, f, a->ai));
    return av_audio_frame(a, f);
}

/* packet NULL: what the decoder still holds. A packet that cannot be decoded is left out. */
static bool decode(struct av *a, AVCodecContext *d, const AVPacket *packet, bool (*on)(struct av *, AVFrame *))
{
    int rc = avcodec_send_packet(d, packet);
    if (rc < 0 && rc != AVERROR_EOF)
        return true;
    while (avcodec_receive_frame(d, a->frame) >= 0) {
        bool kept = on(a, a->frame);
        av_frame_unref(a->frame);
        if (!kept)
            return false;
    }
    return true;
}

static bool pump(struct av *a)
{
    while (av_read_frame(a->ic, a->packet) >= 0) {
        bool kept = true;
        if (a->vi != NULL && a->packet->stream_index == a->vi->index)
            kept = decode(a, a->vd, a->packet, on_video);
        else if (a->ai != NULL && a->packet->stream_index == a->ai->index)
            kept = decode(a, a->ad, a->packet, on_audio);
        av_packet_unref(a->packet);
        if (!kept)
            return false;
    }
    if (a->vd != NULL && !decode(a, a->vd, NULL, on_video))
        return false;
    if (a->ad != NULL && !decode(a, a->ad, NULL, on_audio))
        return false;
    return a->ae == NULL || av_audio_frame(a, NULL);
}

static void put_numbers(struct av *a)
{
    struct media_result *r = &a->m->r;
    int64_t us = a->seen_us;
    if (a->ae != NULL && a->audio_pts * 1000000 / a->ae->sample_rate > us)
        us = a->audio_pts * 1000000 / a->ae->sample_rate;
    if (a->vi != NULL && r->rate_num > 0) /* the last picture stands for a moment, too */
        us += 1000000 * (int64_t)r->rate_den / r->rate_num;
    r->duration_ms = us / 1000;
    r->kind = a->is_sound ? MEDIA_AUDIO : a->is_gif || a->ai == NULL ? MEDIA_GIFV : MEDIA_VIDEO;
    if (a->vi != NULL && !a->is_gif)
        r->kind = a->ai == NULL && us < 60 * INT64_C(1000000) ? MEDIA_GIFV : MEDIA_VIDEO;
    r->bytes = a->mem.out_n;
    a->m->bytes = a->mem.out;
    a->mem.out = NULL;
}

static bool convert(struct av *a)
{
    if (!av_in_open(a) || !av_out_open(a))
        return false;
    a->start_us = a->ic->start_time == AV_NOPTS_VALUE ? 0 : a->ic->start_time;
    a->packet = av_packet_alloc();
    a->frame = av_frame_alloc();
    if (a->packet == NULL || a->frame == NULL)
        return av_fail(a, "needs more memory than it may have");
    if (!pump(a))
        return false;
    if (!a->header_written)
        return av_fail(a, "has nothing in it that can be shown or heard");
    if (!av_out_finish(a))
        return false;
    put_numbers(a);
    return true;
}

bool helper_av(const void *in, size_t n, struct made *m)
{
    struct av *a = calloc(1, sizeof *a);
    if (a == NULL)
        abort();
    a->m = m;
    a->mem.in = in;
    a->mem.in_n = n;
    a->last_us = -1;
    av_log_set_level(AV_LOG_QUIET);
    bool done = convert(a);
    bool still = done && a->is_gif && a->frames == 1;
    if (!done)
        (void)made_refuse(m, a->problem == NULL ? "cannot be read" : a->problem);
    av_out_close(a);
    av_in_close(a);
    av_packet_free(&a->packet);
    av_frame_free(&a->frame);
    av_frame_free(&a->scaled);
    av_frame_free(&a->turned);
    sws_freeContext(a->sws);
    swr_free(&a->swr);
    if (a->fifo != NULL)
        av_audio_fifo_free(a->fifo);
    free(a->mem.out);
    free(a);
    if (!still)
        return done;
    made_free(m); /* a GIF of one picture is a picture */
    return helper_image(in, n, TASK_IMAGE, m);
}
