import type { Clock } from '../base/clock.ts'
import { RingwallError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Posture, Verdict } from '../contract/index.ts'
import { type Cause, Ladder } from '../posture/ladder.ts'
import type { Document } from '../store/document.ts'
import type { Alarm } from './alarm.ts'
import { type Block, BlockBook } from './block-book.ts'
import { Bypass, type BypassState } from './bypass.ts'
import type { Done, Hands, Trail } from './hands.ts'
import { type Kept, readKept } from './kept.ts'
import { ProtectedList } from './protected.ts'
import { type Carried, postureOf, type Reaction, Reactions } from './reactions.ts'
import { Refusals } from './refusals.ts'
import { parseTarget, type Target } from './target.ts'

/** How often what has ended is taken away, in milliseconds. */
const TICK = 1_000

/**
 * Blocks, postures and the bypass of one gateway: what people order and what alarms bring about, each with who and why, kept over
 * a restart. In the main thread, beside the way of the acts.
 */
export class Prevention {
  readonly bypass = new Bypass()
  readonly ladder: Ladder
  readonly blocks: BlockBook
  readonly #hands: Hands
  readonly #document: Document | null
  readonly #trail: Trail
  readonly #clock: Clock
  readonly #log: Log
  #config: Config['prevention']
  #reactions: Reactions
  #refusals: Refusals | null
  #ticker: NodeJS.Timeout | null = null
  #isSaved = true
  #isStale = false
  #saving: Promise<boolean> = Promise.resolve(true)
  #isExpelling = false

  /** @param document where it is kept; null where nothing is */
  constructor(config: Config, hands: Hands, document: Document | null, trail: Trail, clock: Clock, log: Log) {
    this.#hands = hands
    this.#document = document
    this.#trail = trail
    this.#clock = clock
    this.#log = log
    this.#config = config.prevention
    this.blocks = new BlockBook(hands.blocks, protectedBy(config))
    this.ladder = new Ladder(config.prevention.quiet, config.limits.devices, (device, posture) =>
      this.#moved(device, posture),
    )
    this.#reactions = this.#reactionsOf(config)
    this.#refusals = refusalsOf(config)
  }

  /** Takes up what was kept, and begins to look after what ends. Throws what the disk says. */
  async start(): Promise<void> {
    const found = await this.#document?.read()
    if (found?.kind === 'broken') this.#log.error(found, 'blocks and postures were not readable: none count')
    if (found?.kind === 'read') this.#restore(readKept(found.body))
    this.#ticker = setInterval(() => this.tick(), TICK).unref()
  }

  /** Looks after nothing any more. Resolves when what was changed is kept. */
  async stop(): Promise<void> {
    if (this.#ticker !== null) clearInterval(this.#ticker)
    if (this.#isStale) void this.#save()
    await this.#saving
  }

  /** Takes on a new configuration; what is blocked already stays, but for who is protected by now. */
  configure(config: Config): void {
    this.#config = config.prevention
    const lifted = this.blocks.protect(protectedBy(config))
    for (const { target } of lifted) void this.#tell('unblock', { target, removed: 1, by: 'prevention.protected' })
    if (lifted.length > 0) this.#isStale = true
    this.ladder.quiet = config.prevention.quiet
    this.#reactions = this.#reactionsOf(config)
    this.#refusals = refusalsOf(config)
  }

  /** Blocks somebody for so many milliseconds. Errors: `block_protected`. */
  async block(
    target: Target,
    milliseconds: number,
    cause: Cause,
    forced = false,
  ): Promise<{ block: Block; displaced: Block | null } & Done> {
    const since = this.#clock.wall()
    const done = this.blocks.add(target, { since, until: since + milliseconds, forced, ...cause })
    if (done.displaced !== null) this.#log.warn(done.displaced, 'the block that ended first made room for another')
    const told = this.#tell('block', done.block)
    this.#expel()
    await told
    const known = target.kind === 'device' ? { known: this.#hands.knows(target.name) } : {}
    return { ...done, ...known, saved: await this.#save() }
  }

  /** Takes a block back, or without a target all. @returns how many there were. */
  async unblock(target: Target | null, by: string): Promise<{ removed: number } & Done> {
    const removed = target === null ? this.blocks.clear() : this.blocks.remove(target) === undefined ? 0 : 1
    if (removed > 0) await this.#tell('unblock', { target: target?.name ?? 'all', removed, by })
    return { removed, saved: await this.#save() }
  }

  /** Puts a device on a step for so many milliseconds. */
  async setPosture(device: string, posture: Posture, milliseconds: number, cause: Cause): Promise<Done> {
    this.ladder.set(device, posture, milliseconds, cause, this.#clock.wall())
    await this.#tell('posture', { device, posture, milliseconds, ...cause })
    return { known: this.#hands.knows(device), saved: await this.#save() }
  }

  /** Ends a device's session. @returns whether it had one */
  async dismiss(device: string, { by, reason }: Cause): Promise<boolean> {
    const had = this.#hands.dismiss(device, `${by}: ${reason}`)
    if (had) await this.#tell('disconnect', { device, by, reason })
    return had
  }

  /** Lets all guards only observe and no block count for so many milliseconds. Errors: `audit_unwritable`, and nothing has changed. */
  async beginBypass(milliseconds: number, cause: Cause): Promise<BypassState & Done> {
    const since = this.#clock.wall()
    const state = { since, until: since + milliseconds, ...cause }
    await this.#trail.append(since, 'bypass_on', { until: new Date(state.until).toISOString(), ...cause })
    this.#bypass(state)
    return { ...state, saved: await this.#save() }
  }

  /** Ends a bypass before its time. @returns whether there was one */
  async endBypass(by: string, why = 'bypass_off'): Promise<{ was: boolean } & Done> {
    const was = this.bypass.end() !== null
    if (was) {
      this.#hands.blocks.suspend(0)
      this.#hands.bypass(false)
      const told = this.#tell(why, { by })
      this.#expel()
      await told
    }
    return { was, saved: await this.#save() }
  }

  /** Answers a scenario's alarm as the configuration says; in observe mode, and in a bypass, only tells what it would have done. */
  onAlarm(alarm: Alarm): Reaction {
    const reaction = this.#reactions.answer(alarm, this.#clock.wall())
    const { scenario, severity, device, address } = alarm
    const isOn = this.#config.mode === 'enforce' && this.bypass.state === null
    const isCarriedOut = isOn && reaction.kind !== 'none'
    if (this.#config.actions.length > 0) {
      this.#log.warn({ scenario, severity, device, address, reaction, isCarriedOut }, 'answer to an alarm')
    }
    if (isCarriedOut) this.#carryOut(reaction, { by: `scenario ${scenario}`, reason: alarm.why })
    return reaction
  }

  /** Counts a device's refused act. */
  onVerdict({ device, decision }: Pick<Verdict, 'device' | 'decision'>): void {
    const { refusals } = this.#config
    if (refusals === undefined || device === '' || (decision !== 'refuse' && decision !== 'disconnect')) return
    const wall = this.#clock.wall()
    if (this.#refusals?.note(device, wall) !== true) return
    const reason = `${refusals.count} refused acts within ${refusals.within / 1_000} s`
    this.#raise(device, postureOf(refusals.posture), { by: 'refusals', reason })
  }

  /** Takes away what has ended. Called once a second. */
  tick(): void {
    const wall = this.#clock.wall()
    const now = this.#clock.now()
    const hasEnded = this.blocks.sweep(wall)
    const hasDescended = this.ladder.sweep(wall)
    if (this.bypass.isOver(wall, now)) void this.endBypass('its own end', 'bypass_over')
    else if (this.bypass.isToBeTold(now))
      this.#log.warn(this.bypass.state, 'bypass: guards only observe and no block counts')
    if (hasEnded || hasDescended || this.#isStale || !this.#isSaved) void this.#save()
  }

  #carryOut(reaction: Reaction, cause: Cause): void {
    if (reaction.kind === 'disconnect') void this.dismiss(reaction.device, cause)
    else if (reaction.kind === 'posture') this.#raise(reaction.device, reaction.posture, cause)
    else if (reaction.kind === 'block')
      this.#reactBlocking(reaction.target, reaction.name, reaction.milliseconds, cause)
  }

  #reactBlocking(kind: Target['kind'], name: string, milliseconds: number, cause: Cause): void {
    const target = parseTarget(name, kind === 'device')
    // Neither shortens a person's block nor lengthens any: whoever knocks while blocked must not stay out for ever by that.
    if ((this.blocks.get(target)?.until ?? 0) > this.#clock.wall()) return
    this.block(target, milliseconds, cause).catch(error =>
      this.#log.warn({ target: name, what: String(error) }, 'not blocked'),
    )
  }

  #raise(device: string, posture: Exclude<Posture, 0>, cause: Cause): void {
    if (this.ladder.raise(device, posture, cause, this.#clock.wall()))
      void this.#tell('posture', { device, posture, ...cause })
    // With the next tick: many devices may be raised in one turn.
    this.#isStale = true
  }

  #restore({ blocks, stands, bypass, unreadable }: ReturnType<typeof readKept>): void {
    const wall = this.#clock.wall()
    if (unreadable > 0) this.#log.error({ unreadable }, 'some of what was kept is not readable and was left out')
    for (const left of this.blocks.restore(blocks, wall))
      this.#log.warn(left, 'not blocked any more: it is protected now')
    this.ladder.restore(stands, wall)
    if (bypass !== null && bypass.until > wall) this.#bypass(bypass)
  }

  #bypass(state: BypassState): void {
    this.bypass.begin(state, this.#clock.wall(), this.#clock.now())
    this.#hands.blocks.suspend(state.until)
    this.#hands.bypass(true)
    this.#log.warn(state, 'bypass: guards only observe and no block counts')
  }

  /** Once for all that is blocked in this turn. */
  #expel(): void {
    if (this.#isExpelling) return
    this.#isExpelling = true
    setImmediate(() => {
      this.#isExpelling = false
      this.#hands.expel()
    })
  }

  #moved(device: string, posture: Posture): void {
    this.#hands.stands(device, posture)
  }

  /** Logs and writes down; where that fails, the order counts all the same. */
  async #tell(what: string, details: object): Promise<void> {
    this.#log.info({ ...details }, what)
    try {
      await this.#trail.append(this.#clock.wall(), what, { ...details })
    } catch (error) {
      this.#log.error({ what: error instanceof RingwallError ? error.what : String(error) }, 'not written down')
    }
  }

  #save(): Promise<boolean> {
    this.#saving = this.#write()
    return this.#saving
  }

  async #write(): Promise<boolean> {
    const wasSaved = this.#isSaved
    this.#isStale = false
    if (this.#document === null) return false
    try {
      await this.#document.write(
        (): Kept => ({ blocks: this.blocks.list(), stands: this.ladder.list(), bypass: this.bypass.state }),
      )
      this.#isSaved = true
    } catch (error) {
      this.#isSaved = false
      if (wasSaved) this.#log.error({ what: String(error) }, 'blocks and postures are not kept over a restart')
    }
    return this.#isSaved
  }

  #reactionsOf(config: Config): Reactions {
    return new Reactions(
      config.prevention,
      address => this.#hands.devicesFrom(address),
      (reaction, wall) => this.#isNew(reaction, wall),
    )
  }

  #isNew(reaction: Carried, wall: number): boolean {
    if (reaction.kind === 'disconnect') return true
    if (reaction.kind === 'posture') return this.ladder.of(reaction.device) < reaction.posture
    const { until = 0 } = this.blocks.get(parseTarget(reaction.name, reaction.target === 'device')) ?? {}
    return until <= wall
  }
}

function protectedBy({ prevention, listen }: Config): ProtectedList {
  return new ProtectedList(prevention.protected, listen.mqtts.proxyProtocol?.trusted)
}

function refusalsOf({ prevention: { refusals } }: Config): Refusals | null {
  return refusals === undefined ? null : new Refusals(refusals.count, refusals.within)
}
