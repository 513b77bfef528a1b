import { randomInt } from 'node:crypto'
import type { Config } from '../config/index.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import type { HashKey } from '../lanes/approvals-hash.ts'
import { SharedBlocks } from '../lanes/blocks.ts'
import { SharedCounters } from '../lanes/counters.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { Standing } from '../lanes/standing.ts'
import { LaneTable } from '../lanes/table.ts'
import type { WorkerStart } from './messages.ts'

/** Words for rates and counts by address and topic. */
const WORDS = 65_536
/** Commands that are on their way through the broker at once; their proofs take 16 bytes each. */
const APPROVALS = 65_536
/** Blocks that are kept at once; 96 bytes each. */
const BLOCKS = 65_536

/** The blocks of memory as a worker is given them. */
type Given = Pick<
  WorkerStart,
  'lanes' | 'limits' | 'topics' | 'seed' | 'counters' | 'blocks' | 'standing' | 'approvals' | 'approvalsKey'
>

/** The memory that all threads share for as long as the gateway runs, with the secrets of its hashes. */
export class CrewMemory {
  readonly lanes: LaneTable
  readonly standing: Standing
  readonly blocks: SharedBlocks
  readonly counters: SharedCounters
  readonly #approvals: SharedApprovals
  // A table each: a word read under another limit than wrote it would seem stale.
  readonly #limits: SharedLimits
  readonly #topics: SharedLimits
  readonly #seed: number
  readonly #key: HashKey

  constructor({ limits, listen }: Config, seed: number) {
    const secret = (): number => randomInt(2 ** 32) | 0
    this.#seed = seed
    this.#key = [secret(), secret(), secret(), secret()]
    this.lanes = new LaneTable(limits.devices)
    this.standing = new Standing(limits.devices)
    this.blocks = new SharedBlocks(BLOCKS, this.#key)
    this.counters = new SharedCounters(WORDS, listen.mqtts.workers)
    this.#approvals = new SharedApprovals(APPROVALS, this.#key)
    this.#limits = new SharedLimits(WORDS, seed)
    this.#topics = new SharedLimits(WORDS, seed)
  }

  /** What a worker starts with. */
  get given(): Given {
    return {
      lanes: this.lanes.buffer,
      limits: this.#limits.buffer,
      topics: this.#topics.buffer,
      seed: this.#seed,
      counters: this.counters.buffer,
      blocks: this.blocks.buffer,
      standing: this.standing.buffer,
      approvals: this.#approvals.buffer,
      approvalsKey: this.#key,
    }
  }

  /** Forgets words of rates whose time has passed; see `SharedLimits.sweep`. @param now monotonic milliseconds */
  sweep(now: number): void {
    this.#limits.sweep(now)
    this.#topics.sweep(now)
  }
}

/** The same memory, as one worker sees it. */
export interface WorkerMemory {
  readonly lanes: LaneTable
  readonly limits: SharedLimits
  readonly topics: SharedLimits
  readonly counters: SharedCounters
  readonly blocks: SharedBlocks
  readonly standing: Standing
  readonly approvals: SharedApprovals
}

/** Opens what a worker was given. */
export function openMemory(start: WorkerStart): WorkerMemory {
  return {
    lanes: new LaneTable(start.lanes),
    limits: new SharedLimits(start.limits, start.seed),
    topics: new SharedLimits(start.topics, start.seed),
    counters: new SharedCounters(start.counters, start.config.listen.mqtts.workers),
    blocks: new SharedBlocks(start.blocks, start.approvalsKey),
    standing: new Standing(start.standing),
    approvals: new SharedApprovals(start.approvals, start.approvalsKey),
  }
}
