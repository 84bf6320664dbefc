// SPDX-License-Identifier: Apache-2.0
// Files as members send them, made by ffmpeg, with a place, a name and a word planted wherever their kind can hold any. What is
// served must hold none of it.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const call = promisify(execFile);

/** Nothing that is served, and nothing on the disk, may hold this. */
export const PLANTED = "Heidi-Secret-47.3769N";
const LATITUDE = "47.376912";

async function ffmpeg(...args: string[]): Promise<void> {
  await call("ffmpeg", ["-v", "error", "-y", ...args]);
}

const PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=800x600:rate=1:duration=1", "-frames:v", "1"];
const FILM = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2"];
const SOUND = ["-f", "lavfi", "-i", "sine=440:duration=2"];
const TAGS = [
  "-metadata",
  `title=${PLANTED}`,
  "-metadata",
  `comment=${PLANTED}`,
  "-metadata",
  `location=+${LATITUDE}+008.541700/`,
];

async function plant(file: string, ...tags: string[]): Promise<void> {
  await call("exiftool", ["-q", "-overwrite_original", ...tags, file]);
}

const GPS = [`-GPSLatitude=${LATITUDE}`, "-GPSLatitudeRef=N", "-GPSLongitude=8.5417", "-GPSLongitudeRef=E"];
const EXIF = [...GPS, `-EXIF:Artist=${PLANTED}`, `-EXIF:ImageDescription=${PLANTED}`, `-EXIF:SerialNumber=${PLANTED}`];
const XMP = [`-XMP:Creator=${PLANTED}`, `-XMP:GPSLatitude=${LATITUDE}`, `-XMP:Location=${PLANTED}`];

/** A chunk of text, as programs for drawing write it. */
function pngText(png: Buffer, keyword: string, text: string): Buffer {
  const data = Buffer.from(`${keyword}\0${text}`, "latin1");
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write("tEXt", 4, "latin1");
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

export function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export interface Upload {
  name: string;
  type: string;
  /** What the API calls it. */
  kind: "image" | "gifv" | "video" | "audio";
  make: (file: string) => Promise<void>;
}

export const uploads: Upload[] = [
  {
    name: "exif-xmp-iptc.jpg",
    type: "image/jpeg",
    kind: "image",
    make: async (f) => {
      await ffmpeg(...PICTURE, f);
      await plant(
        f,
        ...EXIF,
        ...XMP,
        `-IPTC:Caption-Abstract=${PLANTED}`,
        `-IPTC:City=${PLANTED}`,
        `-Comment=${PLANTED}`,
      );
    },
  },
  {
    name: "text.png",
    type: "image/png",
    kind: "image",
    make: async (f) => {
      await ffmpeg(...PICTURE, f);
      await plant(f, ...EXIF, ...XMP, `-PNG:Title=${PLANTED}`);
      await writeFile(f, pngText(await readFile(f), "Comment", PLANTED));
    },
  },
  {
    name: "exif.webp",
    type: "image/webp",
    kind: "image",
    make: async (f) => {
      await ffmpeg(...PICTURE, f);
      await plant(f, ...EXIF, ...XMP);
    },
  },
  {
    name: "moving.gif",
    type: "image/gif",
    kind: "gifv",
    make: async (f) => {
      await ffmpeg("-f", "lavfi", "-i", "testsrc2=size=120x90:rate=10:duration=2", f);
      await plant(f, `-Comment=${PLANTED}`, ...XMP);
    },
  },
  {
    name: "atoms.mp4",
    type: "video/mp4",
    kind: "video",
    make: async (f) => {
      await ffmpeg(...FILM, ...SOUND, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", ...TAGS, f);
      await plant(
        f,
        `-QuickTime:GPSCoordinates=${LATITUDE}, 8.5417, 400`,
        `-Keys:Make=${PLANTED}`,
        `-UserData:Author=${PLANTED}`,
        ...XMP,
      );
    },
  },
  {
    name: "tags.webm",
    type: "video/webm",
    kind: "video",
    make: (f) => ffmpeg(...FILM, ...SOUND, "-c:v", "libvpx", "-c:a", "libvorbis", ...TAGS, f),
  },
  {
    name: "id3.mp3",
    type: "audio/mpeg",
    kind: "audio",
    make: (f) => ffmpeg(...SOUND, ...TAGS, "-write_id3v1", "1", f),
  },
  { name: "comment.ogg", type: "audio/ogg", kind: "audio", make: (f) => ffmpeg(...SOUND, ...TAGS, f) },
  { name: "comment.flac", type: "audio/flac", kind: "audio", make: (f) => ffmpeg(...SOUND, ...TAGS, f) },
];

/** A colour profile whose name is planted: JPEG keeps it in APP2. */
export async function withProfile(jpeg: string): Promise<Buffer> {
  const bytes = await readFile(jpeg);
  const body = Buffer.concat([
    Buffer.from("ICC_PROFILE\0\x01\x01", "latin1"),
    Buffer.from(PLANTED.repeat(20), "latin1"),
  ]);
  const head = Buffer.from([0xff, 0xe2, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, body, bytes.subarray(2)]);
}

export const make = {
  picture: (f: string, size = "800x600") =>
    ffmpeg("-f", "lavfi", "-i", `testsrc2=size=${size}:rate=1:duration=1`, "-frames:v", "1", f),
  ffmpeg,
};
