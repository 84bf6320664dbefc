/* SPDX-License-Identifier: Apache-2.0 */
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "media/helper_av.h"

#define CRF           "24"
#define BITRATE_MAX   4000000
#define PREVIEW_AT_US 1000000 /* the first picture is often black */

static int even(double v)
{
    int n = (int)(v / 2 + 0.5) * 2;
    return n < 2 ? 2 : n;
}

/* Of the picture before it is turned: no edge above VIDEO_EDGE, square pixels, even numbers (4:2:0). */
static void size_of(const struct av *a, const AVFrame *f, int *width, int *height)
{
    double w = f->width;
    double h = f->height;
    AVRational ratio = av_guess_sample_aspect_ratio(a->ic, a->vi, (AVFrame *)(uintptr_t)f);
    if (ratio.num > 0 && ratio.den > 0 && ratio.num <= 4 * ratio.den && ratio.den <= 4 * ratio.num)
        w = w * ratio.num / ratio.den;
    double longer = w > h ? w : h;
    double scale = longer > VIDEO_EDGE ? VIDEO_EDGE / longer : 1;
    *width = even(w * scale);
    *height = even(h * scale);
}

static AVFrame *picture(enum AVPixelFormat format, int width, int height)
{
    AVFrame *f = av_frame_alloc();
    if (f == NULL)
        abort();
    f->format = format;
    f->width = width;
    f->height = height;
    if (av_frame_get_buffer(f, 0) < 0)
        av_frame_free(&f);
    return f;
}

bool av_video_open(struct av *a, const AVFrame *first)
{
    int width = 0;
    int height = 0;
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    size_of(a, first, &width, &height);
    bool turned = (a->quarter_turns & 1) != 0;
    a->scaled = picture(AV_PIX_FMT_YUV420P, width, height);
    a->turned = picture(AV_PIX_FMT_YUV420P, turned ? height : width, turned ? width : height);
    a->ve = codec == NULL ? NULL : avcodec_alloc_context3(codec);
    if (a->ve == NULL || a->scaled == NULL || a->turned == NULL)
        return av_fail(a, "could not be written: this server's FFmpeg has no H.264");
    AVCodecContext *e = a->ve;
    e->width = a->turned->width;
    e->height = a->turned->height;
    e->pix_fmt = AV_PIX_FMT_YUV420P;
    e->time_base = (AVRational){ 1, 90000 };
    e->framerate = av_guess_frame_rate(a->ic, a->vi, NULL);
    e->thread_count = 1;
    e->rc_max_rate = BITRATE_MAX;
    e->rc_buffer_size = BITRATE_MAX * 2;
    e->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    (void)av_opt_set(e->priv_data, "preset", "veryfast", 0);
    (void)av_opt_set(e->priv_data, "crf", CRF, 0);
    (void)av_opt_set(e->priv_data, "profile", "high", 0);
    if (avcodec_open2(e, codec, NULL) < 0)
        return av_fail(a, "could not be written as H.264");
    a->m->r.width = (uint32_t)e->width;
    a->m->r.height = (uint32_t)e->height;
    AVRational rate = e->framerate;
    a->m->r.rate_num = rate.num > 0 && rate.den > 0 ? (uint32_t)rate.num : 0;
    a->m->r.rate_den = rate.num > 0 && rate.den > 0 ? (uint32_t)rate.den : 0;
    return av_out_stream(a, e, &a->vo);
}

static void turn_plane(uint8_t *to, int to_line, const uint8_t *from, int from_line, int width, int height, int turns)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint8_t v = from[y * from_line + x];
            if (turns == 1)
                to[x * to_line + height - 1 - y] = v;
            else if (turns == 2)
                to[(height - 1 - y) * to_line + width - 1 - x] = v;
            else
                to[(width - 1 - x) * to_line + y] = v;
        }
}

static AVFrame *upright(struct av *a)
{
    if (a->quarter_turns == 0)
        return a->scaled;
    if (av_frame_make_writable(a->turned) < 0)
        return NULL;
    for (int k = 0; k < 3; k++) {
        int shift = k == 0 ? 0 : 1;
        turn_plane(a->turned->data[k], a->turned->linesize[k], a->scaled->data[k], a->scaled->linesize[k],
                   a->scaled->width >> shift, a->scaled->height >> shift, a->quarter_turns);
    }
    return a->turned;
}

static void preview(struct av *a, const AVFrame *f)
{
    int longer = f->width > f->height ? f->width : f->height;
    double scale = longer > PREVIEW_EDGE ? (double)PREVIEW_EDGE / longer : 1;
    int width = even(f->width * scale);
    int height = even(f->height * scale);
    struct SwsContext *s = sws_getContext(f->width, f->height, AV_PIX_FMT_YUV420P, width, height, AV_PIX_FMT_RGB24,
                                          SWS_BILINEAR | SWS_ACCURATE_RND, NULL, NULL, NULL);
    uint8_t *data[4] = { NULL };
    int lines[4] = { 0 };
    if (s != NULL && av_image_alloc(data, lines, width, height, AV_PIX_FMT_RGB24, 1) > 0) {
        (void)sws_scale(s, (const uint8_t *const *)f->data, f->linesize, 0, f->height, data, lines);
        free(a->m->preview);
        a->m->preview = NULL;
        a->has_preview = helper_preview_pixels(&(struct pixels){ data[0], width, height }, a->m);
    }
    av_freep((void *)data);
    sws_freeContext(s);
}

bool av_video_frame(struct av *a, AVFrame *frame)
{
    int64_t at_us = av_frame_us(a, frame, a->vi);
    if (a->last_us >= 0 && at_us <= a->last_us + 1000000 / VIDEO_RATE_MAX - 1000)
        return true; /* faster than is kept */
    if (at_us > VIDEO_SECONDS_MAX * INT64_C(1000000))
        return av_fail(a, "is longer than ten minutes");
    a->sws = sws_getCachedContext(a->sws, frame->width, frame->height, frame->format, a->scaled->width,
                                  a->scaled->height, AV_PIX_FMT_YUV420P, SWS_BICUBIC, NULL, NULL, NULL);
    if (a->sws == NULL || av_frame_make_writable(a->scaled) < 0
        || sws_scale(a->sws, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, a->scaled->data,
                     a->scaled->linesize)
               < 0)
        return av_fail(a, "has pictures in a form that is not taken here");
    AVFrame *now = upright(a);
    if (now == NULL)
        return av_fail(a, "needs more memory than it may have");
    bool late = a->frames > 0 && at_us >= PREVIEW_AT_US && a->last_us < PREVIEW_AT_US;
    if (a->frames == 0 || late)
        preview(a, now);
    now->pts = av_rescale_q(at_us, (AVRational){ 1, 1000000 }, a->ve->time_base);
    now->pict_type = AV_PICTURE_TYPE_NONE;
    a->last_us = at_us;
    a->frames++;
    return av_out_write(a, a->ve, a->vo, now);
}
