/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/helper_av.h"

#define IO_BYTES (64 * 1024)

static int put_bytes(struct av_memory *m, const uint8_t *p, int n)
{
    size_t end = m->out_at + (size_t)n;
    if (end > MEDIA_OUT_MAX)
        return AVERROR(ENOSPC);
    if (end > m->out_cap) {
        size_t cap = m->out_cap * 2 > end ? m->out_cap * 2 : end + IO_BYTES;
        unsigned char *bigger = realloc(m->out, cap);
        if (bigger == NULL)
            return AVERROR(ENOMEM);
        m->out = bigger;
        m->out_cap = cap;
    }
    if (m->out_at > m->out_n)
        memset(m->out + m->out_n, 0, m->out_at - m->out_n);
    memcpy(m->out + m->out_at, p, (size_t)n);
    m->out_at = end;
    m->out_n = end > m->out_n ? end : m->out_n;
    return n;
}

#if LIBAVFORMAT_VERSION_MAJOR >= 61
static int on_write(void *arg, const uint8_t *p, int n)
#else
static int on_write(void *arg, uint8_t *p, int n)
#endif
{
    return put_bytes(arg, p, n);
}

static int64_t seek_in(struct av_memory *m, size_t *at, int64_t to, int whence)
{
    if (whence == AVSEEK_SIZE)
        return (int64_t)m->out_n;
    int64_t from = whence == SEEK_CUR ? (int64_t)*at : whence == SEEK_END ? (int64_t)m->out_n : 0;
    if (from + to < 0 || from + to > MEDIA_OUT_MAX)
        return AVERROR(EINVAL);
    *at = (size_t)(from + to);
    return from + to;
}

static int64_t on_seek(void *arg, int64_t to, int whence)
{
    struct av_memory *m = arg;
    return seek_in(m, &m->out_at, to, whence);
}

static int on_read_again(void *arg, uint8_t *to, int n)
{
    struct av_memory *m = arg;
    size_t left = m->again_at < m->out_n ? m->out_n - m->again_at : 0;
    size_t take = (size_t)n < left ? (size_t)n : left;
    if (take == 0)
        return AVERROR_EOF;
    memcpy(to, m->out + m->again_at, take);
    m->again_at += take;
    return (int)take;
}

static int64_t on_seek_again(void *arg, int64_t to, int whence)
{
    struct av_memory *m = arg;
    return seek_in(m, &m->again_at, to, whence);
}

/* The writer of MP4 opens its own output once more, to move the index in front of the pictures (faststart). */
static int open_again(AVFormatContext *oc, AVIOContext **out, const char *url, int flags, AVDictionary **options)
{
    struct av *a = oc->opaque;
    (void)url;
    (void)options;
    unsigned char *io = (flags & AVIO_FLAG_WRITE) != 0 ? NULL : av_malloc(IO_BYTES);
    if (io == NULL)
        return AVERROR(EPERM);
    a->mem.again_at = 0;
    *out = avio_alloc_context(io, IO_BYTES, 0, &a->mem, on_read_again, NULL, on_seek_again);
    return *out == NULL ? AVERROR(ENOMEM) : 0;
}

static int close_again(AVFormatContext *oc, AVIOContext *io)
{
    (void)oc;
    av_freep(&io->buffer);
    avio_context_free(&io);
    return 0;
}

bool av_out_open(struct av *a)
{
    unsigned char *io = av_malloc(IO_BYTES);
    if (io == NULL || avformat_alloc_output_context2(&a->oc, NULL, a->is_sound ? "mp3" : "mp4", "memory") < 0) {
        av_free(io);
        return av_fail(a, "could not be written");
    }
    a->oc->opaque = a;
    a->oc->io_open = open_again;
    a->oc->io_close2 = close_again;
    a->oc->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO; /* no name of the program, no time */
    a->oc->pb = avio_alloc_context(io, IO_BYTES, 1, &a->mem, NULL, on_write, on_seek);
    return a->oc->pb != NULL || av_fail(a, "could not be written");
}

bool av_out_stream(struct av *a, AVCodecContext *enc, AVStream **out)
{
    AVStream *s = avformat_new_stream(a->oc, NULL);
    if (s == NULL || avcodec_parameters_from_context(s->codecpar, enc) < 0)
        return av_fail(a, "could not be written");
    s->time_base = enc->time_base;
    s->avg_frame_rate = enc->framerate;
    *out = s;
    return true;
}

static bool write_header(struct av *a)
{
    AVDictionary *options = NULL;
    (void)av_dict_set(&options, "movflags", "+faststart", 0);
    (void)av_dict_set(&options, "id3v2_version", "0", 0);
    (void)av_dict_set(&options, "write_id3v1", "0", 0);
    int rc = avformat_write_header(a->oc, &options);
    av_dict_free(&options);
    a->header_written = rc >= 0;
    return a->header_written || av_fail(a, "could not be written");
}

static bool send_packets(struct av *a, AVCodecContext *enc, AVStream *to)
{
    AVPacket *p = av_packet_alloc();
    int rc = p == NULL ? AVERROR(ENOMEM) : 0;
    while (rc >= 0) {
        rc = avcodec_receive_packet(enc, p);
        if (rc < 0)
            break;
        av_packet_rescale_ts(p, enc->time_base, to->time_base);
        p->stream_index = to->index;
        rc = av_interleaved_write_frame(a->oc, p);
    }
    av_packet_free(&p);
    if (rc == AVERROR(ENOSPC))
        return av_fail(a, "would become too large");
    return rc == AVERROR(EAGAIN) || rc == AVERROR_EOF || av_fail(a, "could not be written");
}

bool av_out_write(struct av *a, AVCodecContext *enc, AVStream *to, AVFrame *frame)
{
    if (!a->header_written && !write_header(a))
        return false;
    if (avcodec_send_frame(enc, frame) < 0)
        return av_fail(a, "could not be written");
    return send_packets(a, enc, to);
}

bool av_out_finish(struct av *a)
{
    if (a->ve != NULL && !av_out_write(a, a->ve, a->vo, NULL))
        return false;
    if (a->ae != NULL && !av_out_write(a, a->ae, a->ao, NULL))
        return false;
    if (av_write_trailer(a->oc) < 0)
        return av_fail(a, "could not be written");
    avio_flush(a->oc->pb);
    return true;
}

void av_out_close(struct av *a)
{
    avcodec_free_context(&a->ve);
    avcodec_free_context(&a->ae);
    if (a->oc == NULL)
        return;
    if (a->oc->pb != NULL)
        av_freep(&a->oc->pb->buffer);
    avio_context_free(&a->oc->pb);
    avformat_free_context(a->oc);
    a->oc = NULL;
}
