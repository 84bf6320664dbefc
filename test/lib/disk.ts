// SPDX-License-Identifier: Apache-2.0
// A small file system of its own in memory, to be filled and emptied. Mounting needs root.
import { execFile } from "node:child_process";
import { mkdtemp, open, rm, rmdir, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const call = promisify(execFile);
const CHUNK = 256 * 1024;

export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Throws where mounting is not permitted. */
  static async mount(mib: number): Promise<SmallDisk> {
    const folder = await mkdtemp(path.join(tmpdir(), "parley-disk-"));
    try {
      await call("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "parley-test", folder]);
    } catch (error) {
      await rmdir(folder);
      throw error;
    }
    return new SmallDisk(folder);
  }

  private get ballast(): string {
    return path.join(this.folder, "ballast");
  }

  /** Fills it until less than so many bytes are free; 0: until nothing more fits. */
  async fill(leave: number): Promise<void> {
    const file = await open(this.ballast, "a");
    const zeros = Buffer.alloc(CHUNK);
    try {
      for (;;) {
        const { bavail, bsize } = await statfs(this.folder);
        if (leave > 0 && bavail * bsize < leave) return;
        await file.write(zeros);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  async empty(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async unmount(): Promise<void> {
    await call("umount", ["-l", this.folder]);
    await rmdir(this.folder);
  }
}
