// SPDX-License-Identifier: Apache-2.0
// Pictures made from nothing: 8-bit RGB PNGs (ISO/IEC 15948) of one colour, or of noise that no encoder makes small.
import { deflateSync } from "node:zlib";

/** CRC-32 of ISO/IEC 15948, annex D; node:zlib has one only since 20.15. */
function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function encode(width: number, height: number, rows: Buffer[]): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row])));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([signature, ...chunks]));
}

export function png(
  width: number,
  height: number,
  [red, green, blue]: [number, number, number],
): Uint8Array<ArrayBuffer> {
  const row = Buffer.alloc(width * 3, Buffer.from([red, green, blue]));
  return encode(
    width,
    height,
    Array.from({ length: height }, () => row),
  );
}

/** The same seed gives the same picture: xorshift32. */
export function noise(width: number, height: number, seed: number): Uint8Array<ArrayBuffer> {
  let x = seed;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x & 255;
  };
  return encode(
    width,
    height,
    Array.from({ length: height }, () => Buffer.from(Array.from({ length: width * 3 }, next))),
  );
}
