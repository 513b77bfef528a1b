import { CHAIN_WORDS, ChainWindow } from '@ringwall/proof'
import type { Log } from '../base/log.ts'
import type { Document } from '../store/document.ts'
import { KEPT_WORDS, LaneChain } from './seal-chain.ts'
import type { LaneTable } from './table.ts'

/** The document of all chains: what its file is called, and the version of its format. */
export const CHAINS = { kind: 'chains', name: 'seals', version: 1 } as const

/** What the main thread knows of a device: the chain in its lane, or the one that waits for a lane. */
interface Known {
  lane: LaneChain | null
  /** As it was saved last, or stands aside. */
  chain: Int32Array<ArrayBuffer>
}

/**
 * Keeps chains of seals over restarts and over the change of lanes, in the main thread. They are saved from time to time, never while a message
 * waits: after a crash the last seconds are missing, so each chain may then jump forward once. After an orderly stop they go on exactly.
 * Bounded by the devices that have lanes.
 */
export class SealKeeper {
  readonly #table: LaneTable
  readonly #document: Document | null
  readonly #log: Log
  /** The device that has been away for longest first. */
  readonly #devices = new Map<string, Known>()
  /** What was last written, but for the chains. */
  #isClean = false
  #hasFailed = false

  /** @param document null where nothing survives */
  constructor(table: LaneTable, document: Document | null, log: Log) {
    this.#table = table
    this.#document = document
    this.#log = log
  }

  /** Reads what was kept, and lets the disk know that it runs. What cannot be read is told, and chains begin anew. */
  async load(): Promise<void> {
    if (this.#document === null) return
    try {
      const found = await this.#document.read()
      if (found.kind === 'broken') {
        this.#log.error({ code: 'chains_broken', path: found.path, why: found.why }, 'chains of seals are set aside')
      }
      if (found.kind !== 'read') return
      const { isClean, chains, unreadable } = readChains(found.body)
      if (unreadable > 0) this.#log.error({ code: 'chains_broken', unreadable }, 'some chains of seals cannot be read')
      for (const [device, chain] of chains.slice(0, 2 * this.#table.capacity)) {
        if (!isClean) chain[CHAIN_WORDS] = 1
        this.#devices.set(device, { lane: null, chain })
      }
      if (isClean) await this.#write(false)
    } catch (error) {
      this.#log.error({ code: 'chains_unread', error }, 'chains of seals cannot be read')
    }
  }

  /** A device has got a lane: its chain goes there. */
  assigned(device: string, lane: number): void {
    const chain = this.#devices.get(device)?.chain ?? new Int32Array(KEPT_WORDS)
    const made = new LaneChain(this.#table.open(lane, 0).words)
    made.words.set(chain)
    this.#devices.set(device, { lane: made, chain })
  }

  /** A lane is given to another device: the chain waits until its own is back. */
  evicted(device: string): void {
    const known = this.#devices.get(device)
    if (known === undefined) return
    this.#devices.delete(device)
    const chain = known.lane?.copy() ?? known.chain
    // Nobody has sealed anything there.
    if (isEmpty(chain)) return
    this.#devices.set(device, { lane: null, chain })
    if (this.#devices.size <= 2 * this.#table.capacity) return
    for (const [name, { lane }] of this.#devices) if (lane === null) return void this.#devices.delete(name)
  }

  /** Saves where chains have moved; never throws. @param isClean whether nobody moves them any more */
  async save(isClean = false): Promise<void> {
    if (this.#document === null) return
    let hasChanged = isClean && !this.#isClean && this.#hasChains
    for (const known of this.#devices.values()) hasChanged = renewed(known) || hasChanged
    if (!hasChanged) return
    try {
      await this.#write(isClean)
      this.#hasFailed = false
    } catch (error) {
      if (!this.#hasFailed) this.#log.error({ code: 'chains_unsaved', error }, 'chains of seals cannot be saved')
      this.#hasFailed = true
    }
  }

  /** Whether anybody seals; a site where nobody does has no such file. */
  get #hasChains(): boolean {
    return [...this.#devices.values()].some(({ lane, chain }) => !isEmpty(lane?.words ?? chain))
  }

  async #write(isClean: boolean): Promise<void> {
    this.#isClean = isClean
    await this.#document?.write(() => ({
      isClean,
      chains: [...this.#devices].flatMap(([device, { chain }]) => (isEmpty(chain) ? [] : [[device, written(chain)]])),
    }))
  }
}

/** Takes over where a chain stands now. @returns whether it has moved */
function renewed(known: Known): boolean {
  const copy = known.lane?.copy() ?? known.chain
  if (copy.every((word, index) => word === known.chain[index])) return false
  known.chain = copy
  return true
}

function isEmpty(chain: Int32Array): boolean {
  return new ChainWindow(chain).last === 0
}

function written(chain: Int32Array<ArrayBuffer>): string {
  const bytes = Buffer.alloc(chain.length * Int32Array.BYTES_PER_ELEMENT)
  for (const [index, word] of chain.entries()) bytes.writeInt32LE(word, index * Int32Array.BYTES_PER_ELEMENT)
  return bytes.toString('base64')
}

/** What a document holds; entries that are no chains are left out and counted. */
function readChains(body: unknown): {
  readonly isClean: boolean
  readonly chains: [string, Int32Array<ArrayBuffer>][]
  readonly unreadable: number
} {
  const { isClean, chains } = (body ?? {}) as { isClean?: unknown; chains?: unknown }
  const all: readonly unknown[] = Array.isArray(chains) ? chains : []
  const good = all.flatMap(each => chainOf(each))
  return { isClean: isClean === true, chains: good, unreadable: all.length - good.length }
}

function chainOf(entry: unknown): [string, Int32Array<ArrayBuffer>][] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string') return []
  const bytes = Buffer.from(entry[1], 'base64')
  if (bytes.length !== KEPT_WORDS * Int32Array.BYTES_PER_ELEMENT) return []
  const chain = new Int32Array(KEPT_WORDS)
  for (const index of chain.keys()) chain[index] = bytes.readInt32LE(index * Int32Array.BYTES_PER_ELEMENT)
  return new ChainWindow(chain).isWhole ? [[entry[0], chain]] : []
}
