import { createHash, type Hash } from 'node:crypto'
import type { LaneDigest, SessionHead } from './head.ts'

interface Sum {
  acts: number
  missed: number
  readonly hash: Hash
}

/** The digests of a segment's lanes, by device: computed when it is recorded, and again of what a replay comes to. */
export class LaneSums {
  readonly #sums = new Map<string, Sum>()
  readonly #devices = new Map<number, string>()
  readonly #length = Buffer.alloc(4)

  /** A lane begins, or goes on after a gap. @param bytes of its record */
  open({ lane, device, missed }: Pick<SessionHead, 'lane' | 'device' | 'missed'>, bytes: Uint8Array): void {
    this.#devices.set(lane, device)
    const sum = this.#of(device)
    sum.missed += missed
    this.#update(sum, bytes)
  }

  /** @param bytes of the act's record, up to its outcome */
  add(lane: number, bytes: Uint8Array, outcome: Uint8Array): void {
    const sum = this.#of(this.#devices.get(lane) ?? '')
    sum.acts++
    this.#update(sum, bytes)
    this.#update(sum, outcome)
  }

  /** Ends them all. */
  take(): LaneDigest[] {
    return [...this.#sums].map(([device, { acts, missed, hash }]) => ({
      device,
      acts,
      missed,
      digest: hash.digest('hex'),
    }))
  }

  #update({ hash }: Sum, bytes: Uint8Array): void {
    this.#length.writeUInt32LE(bytes.length)
    hash.update(this.#length).update(bytes)
  }

  #of(device: string): Sum {
    let sum = this.#sums.get(device)
    if (sum === undefined) {
      sum = { acts: 0, missed: 0, hash: createHash('sha256') }
      this.#sums.set(device, sum)
    }
    return sum
  }
}
