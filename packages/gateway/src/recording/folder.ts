import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A segment of the folder. */
export interface SegmentFile {
  readonly name: string
  readonly path: string
  readonly worker: number
  /** When it began, milliseconds since the Unix epoch. */
  readonly began: number
  /** When it was last written to. */
  readonly ended: number
  /** Bytes. */
  readonly size: number
}

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\d+)\.rec\.age$/

/** The name of a segment: when it began, in UTC, and by which worker. */
export function segmentName(worker: number, began: number): string {
  return `${new Date(began).toISOString().replaceAll(/[-:.]/g, '')}-${worker}.rec.age`
}

/** The segments of a folder, oldest first; other files are nobody's business. A folder that is not there has none. */
export function listSegments(folder: string): SegmentFile[] {
  const found: SegmentFile[] = []
  for (const name of names(folder)) {
    const parts = NAME.exec(name)
    const path = join(folder, name)
    const stat = parts === null ? undefined : statSync(path, { throwIfNoEntry: false })
    if (parts === null || stat === undefined) continue
    const [, year, month, day, hour, minute, second, milli, worker] = parts.map(Number)
    const began = Date.UTC(year, month - 1, day, hour, minute, second, milli)
    found.push({ name, path, worker, began, ended: stat.mtimeMs, size: stat.size })
  }
  return found.sort((a, b) => a.began - b.began || a.worker - b.worker)
}

/**
 * Removes the oldest segments until the folder is within its bounds. Those that are being written stay.
 * @param size bytes of all segments together @param keep milliseconds @returns what was removed
 */
export function trimFolder(
  folder: string,
  size: number,
  keep: number,
  open: ReadonlySet<string>,
  wall: number,
): SegmentFile[] {
  const segments = listSegments(folder)
  let total = segments.reduce((sum, each) => sum + each.size, 0)
  const removed: SegmentFile[] = []
  for (const segment of segments) {
    if (open.has(segment.path) || (total <= size && wall - segment.ended <= keep)) continue
    rmSync(segment.path, { force: true })
    total -= segment.size
    removed.push(segment)
  }
  return removed
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
