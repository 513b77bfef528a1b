import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeCbor } from '@ringwall/proof'
import { ManualClock } from '../base/clock.ts'
import type { Verdict } from '../contract/index.ts'
import { ActKeeper } from './act-keeper.ts'
import { Committer } from './commitment.ts'
import { Keeper } from './keeper.ts'
import { Outbox } from './outbox.ts'

export const committer = new Committer(new Uint8Array(32).fill(1))

/** A keeper of the ledger on a disk that does as it is told, in a folder of its own. */
export class KeeperBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ringwall-keeper-'))
  readonly clock = new ManualClock()
  /** The entries that came to the disk. */
  written: Uint8Array[] = []
  /** What stands in the way of the disk. */
  obstacle: () => Promise<void> = async () => {}
  append = async (entries: readonly Uint8Array[]): Promise<void> => {
    await this.obstacle()
    this.written.push(...entries)
  }

  make(overload: 'block' | 'degrade' = 'degrade'): { keeper: Keeper; outbox: Outbox } {
    const sizeOf = (): number => this.written.length
    const log = {
      append: async (entries: readonly Uint8Array[]) => {
        await this.append(entries)
        return { first: sizeOf() - entries.length, size: sizeOf() }
      },
      get size() {
        return sizeOf()
      },
    }
    const outbox = new Outbox(log, overload, () => {})
    mkdirSync(join(this.folder, 'acts'), { recursive: true })
    const acts = new ActKeeper({ folder: join(this.folder, 'acts'), keep: 1e9, size: 1e9 }, committer, 0)
    const origin = { version: '0', site: 'mill-3', origin: 'ringwall/mill-3' }
    return { keeper: new Keeper({ outbox, acts, origin, committer, clock: this.clock }), outbox }
  }

  // biome-ignore lint/suspicious/noExplicitAny: entries are looked into at every place.
  seen(): any[] {
    return this.written.map(bytes => plain(decodeCbor(bytes)))
  }

  kinds(): string[] {
    return this.seen().map(({ metadata }) => metadata.event_code)
  }

  refused(bytes: Uint8Array, code = 'publish_denied'): Verdict {
    return {
      id: '0-1',
      time: this.clock.wall(),
      decision: 'refuse',
      findings: [{ guard: 'access', code, severity: 'high', clause: '', why: 'pump-1 may not say this' }],
      device: 'pump-1',
      direction: 'up',
      action: 'publish',
      address: 'plant/press-1/set',
      bytes,
      length: 5_000,
      peer: '10.0.0.7:4711',
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const plain = (value: unknown): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value
