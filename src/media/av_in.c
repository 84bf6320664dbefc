/* SPDX-License-Identifier: Apache-2.0 */
#include <libavutil/display.h>
#include <math.h>
#include <string.h>

#include "media/helper_av.h"
#include "media/sniff.h"

#define IO_BYTES    (64 * 1024)
#define STREAMS_MAX 16

static int on_read(void *arg, uint8_t *to, int n)
{
    struct av_memory *m = arg;
    size_t left = m->in_n - m->in_at;
    size_t take = (size_t)n < left ? (size_t)n : left;
    if (take == 0)
        return AVERROR_EOF;
    memcpy(to, m->in + m->in_at, take);
    m->in_at += take;
    return (int)take;
}

static int64_t on_seek(void *arg, int64_t to, int whence)
{
    struct av_memory *m = arg;
    if (whence == AVSEEK_SIZE)
        return (int64_t)m->in_n;
    int64_t from = whence == SEEK_CUR ? (int64_t)m->in_at : whence == SEEK_END ? (int64_t)m->in_n : 0;
    if (from + to < 0 || from + to > (int64_t)m->in_n)
        return AVERROR(EINVAL);
    m->in_at = (size_t)(from + to);
    return from + to;
}

/* The reader is chosen by us, so that nothing in the file can make it a list of other files. */
static const char *format_of(const struct av *a)
{
    switch (media_sniff((struct str){ (const char *)a->mem.in, a->mem.in_n })) {
    case TYPE_GIF: return "gif";
    case TYPE_MP4: return "mov";
    case TYPE_WEBM: return "matroska";
    case TYPE_MP3: return "mp3";
    case TYPE_OGG: return "ogg";
    case TYPE_FLAC: return "flac";
    case TYPE_WAV: return "wav";
    case TYPE_UNKNOWN:
    case TYPE_JPEG:
    case TYPE_PNG:
    case TYPE_WEBP:
    case TYPE_AVIF:
    case TYPE_HEIC: break;
    }
    return NULL;
}

static bool is_cover(const AVStream *s)
{
    return (s->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

static void choose_streams(struct av *a)
{
    for (unsigned i = 0; i < a->ic->nb_streams; i++) {
        AVStream *s = a->ic->streams[i];
        s->discard = AVDISCARD_ALL;
        if (s->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && a->vi == NULL && !is_cover(s))
            a->vi = s;
        if (s->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && a->ai == NULL)
            a->ai = s;
    }
    if (a->vi != NULL)
        a->vi->discard = AVDISCARD_DEFAULT;
    if (a->ai != NULL)
        a->ai->discard = AVDISCARD_DEFAULT;
}

static void make_cover(struct av *a)
{
    for (unsigned i = 0; i < a->ic->nb_streams; i++) {
        const AVStream *s = a->ic->streams[i];
        if (is_cover(s) && s->attached_pic.size > 0
            && media_type_is_image(
                media_sniff((struct str){ (const char *)s->attached_pic.data, (size_t)s->attached_pic.size })))
            a->has_preview =
                a->has_preview || helper_preview_bytes(s->attached_pic.data, (size_t)s->attached_pic.size, a->m);
    }
}

/* How a telephone was held. FFmpeg 7 moved the matrix. */
static int quarter_turns(const AVStream *s)
{
    const uint8_t *matrix = NULL;
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    const AVPacketSideData *side = av_packet_side_data_get(s->codecpar->coded_side_data,
                                                           s->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    matrix = side != NULL && side->size >= 9 * sizeof(int32_t) ? side->data : NULL;
#else
    size_t n = 0;
    matrix = av_stream_get_side_data(s, AV_PKT_DATA_DISPLAYMATRIX, &n);
    matrix = n >= 9 * sizeof(int32_t) ? matrix : NULL;
#endif
    if (matrix == NULL)
        return 0;
    int32_t copy[9];
    memcpy(copy, matrix, sizeof copy);
    double degrees = av_display_rotation_get(copy); /* counter-clockwise */
    return isnan(degrees) ? 0 : (int)lround(-degrees / 90) & 3;
}

static AVCodecContext *decoder_of(struct av *a, AVStream *s)
{
    const AVCodec *codec = avcodec_find_decoder(s->codecpar->codec_id);
    AVCodecContext *d = codec == NULL ? NULL : avcodec_alloc_context3(codec);
    if (d == NULL)
        return NULL;
    d->thread_count = 1;
    d->max_pixels = VIDEO_PIXELS_MAX;
    d->pkt_timebase = s->time_base;
    d->codec_whitelist = av_strdup(a->ic->codec_whitelist);
    if (avcodec_parameters_to_context(d, s->codecpar) < 0 || avcodec_open2(d, codec, NULL) < 0)
        avcodec_free_context(&d);
    return d;
}

static bool check_length(struct av *a)
{
    int64_t max_s = a->is_sound ? AUDIO_SECONDS_MAX : a->is_gif ? GIF_SECONDS_MAX : VIDEO_SECONDS_MAX;
    a->duration_us = a->ic->duration == AV_NOPTS_VALUE ? 0 : a->ic->duration;
    if (a->duration_us <= max_s * 1000000)
        return true;
    return av_fail(a, a->is_sound ? "is longer than an hour"
                      : a->is_gif ? "is longer than a minute"
                                  : "is longer than ten minutes");
}

static bool open_decoders(struct av *a)
{
    if (a->vi != NULL) {
        const AVCodecParameters *p = a->vi->codecpar;
        if ((int64_t)p->width * p->height > VIDEO_PIXELS_MAX)
            return av_fail(a, "has too many pixels (maximum is 3840 x 2160)");
        a->vd = decoder_of(a, a->vi);
        if (a->vd == NULL)
            return av_fail(a, "has pictures in a coding that is not taken here");
        a->quarter_turns = quarter_turns(a->vi);
    }
    if (a->ai != NULL) {
        a->ad = decoder_of(a, a->ai);
        if (a->ad == NULL)
            return av_fail(a, "has sound in a coding that is not taken here");
    }
    return true;
}

bool av_in_open(struct av *a)
{
    const char *format = format_of(a);
    const AVInputFormat *f = format == NULL ? NULL : av_find_input_format(format);
    AVDictionary *options = NULL;
    a->ic = avformat_alloc_context();
    unsigned char *io = av_malloc(IO_BYTES);
    if (f == NULL || a->ic == NULL || io == NULL) {
        av_free(io);
        return av_fail(a, "is of no type that is taken here");
    }
    a->io = avio_alloc_context(io, IO_BYTES, 0, &a->mem, on_read, NULL, on_seek);
    a->ic->pb = a->io;
    a->ic->max_streams = STREAMS_MAX;
    a->ic->codec_whitelist =
        av_strdup("h264,hevc,vp8,vp9,av1,libdav1d,mpeg4,gif,aac,mp3,mp3float,opus,vorbis,flac,alac,"
                  "pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,pcm_s16be,mjpeg,png");
    a->ic->protocol_whitelist = av_strdup("none");
    (void)av_dict_set(&options, "ignore_loop", "1", 0);      /* a GIF ends */
    int rc = avformat_open_input(&a->ic, NULL, f, &options); /* frees a->ic when it fails */
    av_dict_free(&options);
    if (rc < 0 || avformat_find_stream_info(a->ic, NULL) < 0)
        return av_fail(a, "cannot be read");
    choose_streams(a);
    a->is_gif = strcmp(format, "gif") == 0;
    a->is_sound = a->vi == NULL;
    if (a->vi == NULL && a->ai == NULL)
        return av_fail(a, "has neither pictures nor sound");
    make_cover(a);
    return check_length(a) && open_decoders(a);
}

void av_in_close(struct av *a)
{
    avcodec_free_context(&a->vd);
    avcodec_free_context(&a->ad);
    avformat_close_input(&a->ic);
    if (a->io != NULL)
        av_freep(&a->io->buffer);
    avio_context_free(&a->io);
}
