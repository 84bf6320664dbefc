/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

#include "media/helper.h"

/* The parts of helper_av.c: reading (av_in.c), pictures (av_video.c), sound (av_audio.c), writing (av_out.c). */
struct av_memory {
    const unsigned char *in; /* of what is read */
    size_t in_n;
    size_t in_at;
    unsigned char *out; /* of what is written */
    size_t out_n;
    size_t out_cap;
    size_t out_at;
    size_t again_at; /* where the writer reads what it wrote, to move the index to the front */
};

struct av {
    struct made *m;
    struct av_memory mem;
    AVFormatContext *ic;
    AVIOContext *io; /* of ic */
    AVFormatContext *oc;
    AVCodecContext *vd, *ve, *ad, *ae;
    AVStream *vi, *ai; /* of the input; NULL: none */
    AVStream *vo, *ao;
    AVPacket *packet;
    AVFrame *frame, *scaled, *turned;
    struct SwsContext *sws;
    struct SwrContext *swr;
    AVAudioFifo *fifo;
    int swr_format, swr_rate, swr_channels; /* what swr was made for */
    int64_t audio_pts;
    int64_t start_us;    /* of the first frame of either */
    int64_t last_us;     /* of the picture that was written last; -1: none */
    int64_t frames;      /* that were written */
    int64_t duration_us; /* declared */
    int64_t seen_us;     /* how far it went */
    int quarter_turns;   /* clockwise, to be upright */
    bool header_written;
    bool has_preview;
    bool is_gif;
    bool is_sound; /* no moving picture */
    const char *problem;
};

bool av_in_open(struct av *a);
void av_in_close(struct av *a);

bool av_out_open(struct av *a);
bool av_out_stream(struct av *a, AVCodecContext *enc, AVStream **out);
bool av_out_write(struct av *a, AVCodecContext *enc, AVStream *to, AVFrame *frame); /* frame NULL: the end */
bool av_out_finish(struct av *a);
void av_out_close(struct av *a);

bool av_video_open(struct av *a, const AVFrame *first);
bool av_video_frame(struct av *a, AVFrame *frame);
bool av_video_size(struct av *a);

bool av_audio_open(struct av *a);
bool av_audio_frame(struct av *a, AVFrame *frame); /* NULL: the end */

int64_t av_frame_us(const struct av *a, const AVFrame *f, const AVStream *s);
bool av_fail(struct av *a, const char *why); /* false */
