/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an upload may be and what is made of it: the server and its helper (media/helper.c) agree on these. */
#define IMAGE_PIXELS_MAX    40000000 /* declared: looked at before anything is decoded */
#define IMAGE_EDGE          2560     /* larger pictures become smaller */
#define PREVIEW_EDGE        640
#define EMOJI_EDGE          128
#define EMOJI_FRAMES_MAX    250
#define VIDEO_PIXELS_MAX    8294400 /* of a frame: 3840 x 2160 */
#define VIDEO_EDGE          1280
#define VIDEO_RATE_MAX      60   /* frames a second; what is faster loses frames */
#define VIDEO_SECONDS_MAX   600  /* of play */
#define AUDIO_SECONDS_MAX   3600 /* of play */
#define GIF_SECONDS_MAX     60
#define MEDIA_OUT_MAX       (96 * 1024 * 1024) /* bytes of what is made */
#define HELPER_MEMORY_MAX   (1536LL * 1024 * 1024)
#define HELPER_NICE         "10" /* timelines come first */
#define HELPER_IMAGE_CPU_S  20
#define HELPER_IMAGE_WALL_S 120
#define HELPER_VIDEO_CPU_S  900
#define HELPER_VIDEO_WALL_S 1800
