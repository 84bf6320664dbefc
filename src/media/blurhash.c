/* SPDX-License-Identifier: Apache-2.0 */
#include "media/blurhash.h"

#include <math.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

static char *put(char *to, int value, int length)
{
    for (int i = length - 1; i >= 0; i--) {
        to[i] = digits[value % 83];
        value /= 83;
    }
    return to + length;
}

static double linear(unsigned char v)
{
    double x = v / 255.0;
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static int srgb(double v)
{
    double x = v < 0 ? 0 : v > 1 ? 1 : v;
    return (int)((x <= 0.0031308 ? x * 12.92 : 1.055 * pow(x, 1 / 2.4) - 0.055) * 255 + 0.5);
}

struct term {
    double rgb[3];
};

static struct term term_of(const unsigned char *rgb, int width, int height, int i, int j)
{
    struct term t = { 0 };
    double scale = (i == 0 && j == 0 ? 1.0 : 2.0) / ((double)width * height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double basis = cos(M_PI * i * x / width) * cos(M_PI * j * y / height);
            for (int k = 0; k < 3; k++)
                t.rgb[k] += basis * linear(rgb[3 * ((size_t)y * (size_t)width + (size_t)x) + (size_t)k]);
        }
    for (int k = 0; k < 3; k++)
        t.rgb[k] *= scale;
    return t;
}

/* One part of a term between -max and max as one of 19 steps, the small ones nearer to each other. */
static int step_of(double v, double max)
{
    double x = v / max;
    int q = (int)floor(copysign(sqrt(fabs(x)), x) * 9 + 9.5);
    return q < 0 ? 0 : q > 18 ? 18 : q;
}

void blurhash(const unsigned char *rgb, int width, int height, char out[BLURHASH_ROOM])
{
    struct term terms[BLURHASH_X * BLURHASH_Y];
    double largest = 0;
    int n = 0;
    for (int j = 0; j < BLURHASH_Y; j++)
        for (int i = 0; i < BLURHASH_X; i++)
            terms[n++] = term_of(rgb, width, height, i, j);
    for (int t = 1; t < n; t++)
        for (int k = 0; k < 3; k++)
            largest = fmax(largest, fabs(terms[t].rgb[k]));
    int scale = (int)floor(largest * 166 - 0.5);
    scale = scale < 0 ? 0 : scale > 82 ? 82 : scale;
    double max = (scale + 1) / 166.0;
    char *to = put(out, BLURHASH_X - 1 + (BLURHASH_Y - 1) * 9, 1);
    to = put(to, scale, 1);
    to = put(to, srgb(terms[0].rgb[0]) << 16 | srgb(terms[0].rgb[1]) << 8 | srgb(terms[0].rgb[2]), 4);
    for (int t = 1; t < n; t++)
        to = put(to,
                 step_of(terms[t].rgb[0], max) * 19 * 19 + step_of(terms[t].rgb[1], max) * 19
                     + step_of(terms[t].rgb[2], max),
                 2);
    *to = '\0';
}
