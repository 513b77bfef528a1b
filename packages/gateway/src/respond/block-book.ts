import { RingwallError } from '../base/error.ts'
import type { SharedBlocks } from '../lanes/blocks.ts'
import { Ends } from './ends.ts'
import type { ProtectedList } from './protected.ts'
import { parseTarget, type Target } from './target.ts'

/** One block, as it is listed and kept over a restart. Times are milliseconds since the Unix epoch. */
export interface Block {
  readonly target: string
  readonly kind: Target['kind']
  readonly since: number
  readonly until: number
  /** The person, or the scenario, that set it. */
  readonly by: string
  readonly reason: string
  /** Set though its target is protected. */
  readonly forced: boolean
}

/**
 * All blocks with their reasons, in the main thread: the one writer of the table that admission reads. Holds at most what the
 * table holds; the block that ends first makes room.
 */
export class BlockBook {
  #protect: ProtectedList
  readonly #table: SharedBlocks
  readonly #blocks = new Map<string, Block>()
  readonly #ends = new Ends()

  constructor(table: SharedBlocks, protect: ProtectedList) {
    this.#table = table
    this.#protect = protect
  }

  get size(): number {
    return this.#blocks.size
  }

  /** The blocks, that which ends first in front. */
  list(): Block[] {
    return [...this.#blocks.values()].sort((a, b) => a.until - b.until)
  }

  get(target: Target): Block | undefined {
    return this.#blocks.get(keyOf(target))
  }

  /**
   * Blocks somebody, or changes until when and why. @returns the block, and the one that had to make room for it.
   * Errors: `block_protected`, unless the terms force it.
   */
  add(target: Target, terms: Omit<Block, 'target' | 'kind'>): { block: Block; displaced: Block | null } {
    const entry = terms.forced ? undefined : this.#protect.protects(target)
    if (entry !== undefined) {
      const what = `${target.name} is protected (${entry})`
      const hint =
        'Nothing was blocked: prevention.protected names it, or it is this machine or a trusted proxy. --force blocks it.'
      throw new RingwallError('block_protected', what, hint, { field: 'prevention.protected' })
    }
    const key = keyOf(target)
    const displaced = this.#blocks.has(key) || this.#blocks.size < this.#table.capacity ? null : this.#makeRoom()
    const block: Block = { target: target.name, kind: target.kind, ...terms }
    this.#blocks.set(key, block)
    this.#ends.set(key, block.until)
    if (target.kind === 'device') this.#table.blockDevice(target.name, block.until)
    else this.#table.block(target.network, block.until)
    return { block, displaced }
  }

  /** @returns the block that was there. */
  remove(target: Target): Block | undefined {
    const block = this.#blocks.get(keyOf(target))
    if (block !== undefined) this.#take(target)
    return block
  }

  /** Takes all blocks back. @returns how many there were. */
  clear(): number {
    const { size } = this.#blocks
    for (const block of this.#blocks.values()) this.#take(targetOf(block))
    return size
  }

  /** Takes away what has ended; it no longer counted. @returns whether there was any */
  sweep(wall: number): boolean {
    const before = this.#blocks.size
    for (let end = this.#ends.first(); end !== undefined && end.until <= wall; end = this.#ends.first())
      this.#end(end.key)
    return this.#blocks.size !== before
  }

  /** Takes up what was kept over a restart, but for what has ended or is protected by now. @returns what was left out as protected */
  restore(blocks: readonly Block[], wall: number): Block[] {
    const live = blocks.filter(({ until }) => until > wall)
    const left: Block[] = []
    for (const block of live) {
      const { target: _, kind: __, ...terms } = block
      const target = targetOf(block)
      if (terms.forced || this.#protect.protects(target) === undefined) this.add(target, terms)
      else left.push(block)
    }
    return left
  }

  /** Takes another list of who is protected. @returns the blocks that were taken back, since it protects their targets */
  protect(list: ProtectedList): Block[] {
    this.#protect = list
    const lifted = [...this.#blocks.values()].filter(
      block => !block.forced && list.protects(targetOf(block)) !== undefined,
    )
    for (const block of lifted) this.#take(targetOf(block))
    return lifted
  }

  #makeRoom(): Block | null {
    const end = this.#ends.first()
    return end === undefined ? null : this.#end(end.key)
  }

  #end(key: string): Block | null {
    const block = this.#blocks.get(key)
    if (block === undefined) return null
    this.#take(targetOf(block))
    return block
  }

  #take(target: Target): void {
    const key = keyOf(target)
    this.#blocks.delete(key)
    this.#ends.delete(key)
    if (target.kind === 'device') this.#table.unblockDevice(target.name)
    else this.#table.unblock(target.network)
  }
}

const keyOf = ({ kind, name }: Target): string => `${kind} ${name}`

const targetOf = ({ target, kind }: Block): Target => parseTarget(target, kind === 'device')
