import { type Config, compileGlobs } from '../config/index.ts'
import { Posture } from '../contract/index.ts'
import type { PostureName } from '../posture/ladder.ts'
import { type Alarm, isAtLeast } from './alarm.ts'

type Action = Config['prevention']['actions'][number]

/** What an alarm is answered with; `none` says why it is not. */
export type Reaction =
  | {
      readonly kind: 'block'
      readonly target: 'device' | 'address'
      readonly name: string
      readonly milliseconds: number
    }
  | { readonly kind: 'disconnect'; readonly device: string }
  | { readonly kind: 'posture'; readonly device: string; readonly posture: Exclude<Posture, 0> }
  | { readonly kind: 'none'; readonly why: string }

/** A reaction that does something. */
export type Carried = Exclude<Reaction, { kind: 'none' }>

/** Devices that call from one address; more than one and it is taken for a proxy's, or a network's behind one address. */
const SHARED_BY = 2
const MINUTE = 60_000

/**
 * Says what is to be done about an alarm, by the first entry of `prevention.actions` that fits. A block is on the device where
 * one is known, for that has proven who it is; an address is only the second best, and one from which several devices have
 * sessions is left alone: an attacker among them must not have the others shut out. In all at most `reactions` a minute.
 */
export class Reactions {
  readonly #actions: readonly { readonly action: Action; readonly fits: (scenario: string) => boolean }[]
  readonly #perMinute: number
  readonly #devicesFrom: (address: string) => number
  readonly #isNew: (reaction: Carried, wall: number) => boolean
  #taken: number[] = []

  /**
   * @param devicesFrom how many devices have sessions from an address
   * @param isNew whether a reaction changes where somebody stands; what does not costs nothing, so that whoever repeats himself
   * does not use up what others are to be answered with
   */
  constructor(
    { actions, reactions }: Config['prevention'],
    devicesFrom: (address: string) => number,
    isNew: (reaction: Carried, wall: number) => boolean,
  ) {
    this.#actions = actions.map(action => ({ action, fits: compileGlobs([action.when.scenario]) }))
    this.#perMinute = Math.max(1, Math.round(reactions * 60))
    this.#devicesFrom = devicesFrom
    this.#isNew = isNew
  }

  /** @param wall milliseconds since the Unix epoch */
  answer(alarm: Alarm, wall: number): Reaction {
    const found = this.#actions.find(
      ({ action, fits }) => fits(alarm.scenario) && isAtLeast(alarm.severity, action.when.severity),
    )
    if (found === undefined) return none('no entry of prevention.actions fits')
    // Times to come are from before the clock was set back.
    this.#taken = this.#taken.filter(time => time > wall - MINUTE && time <= wall)
    // First, for this is the cheapest: to count the devices of an address takes long where there are many.
    if (this.#taken.length >= this.#perMinute)
      return none(`${this.#perMinute} in the last minute, prevention.reactions allows no more`)
    const reaction = this.#reactionOf(found.action, alarm)
    if (reaction.kind === 'none') return reaction
    if (this.#isNew(reaction, wall)) this.#taken.push(wall)
    return reaction
  }

  #reactionOf({ do: what, posture, for: milliseconds }: Action, { device, address }: Alarm): Reaction {
    if (what === 'block' && device === '') return this.#blockOf(address, milliseconds)
    if (device === '') return none('no device is known')
    if (what === 'disconnect') return { kind: 'disconnect', device }
    if (posture !== undefined) return { kind: 'posture', device, posture: postureOf(posture) }
    return { kind: 'block', target: 'device', name: device, milliseconds }
  }

  #blockOf(address: string, milliseconds: number): Reaction {
    if (address === '') return none('neither device nor address is known')
    const devices = this.#devicesFrom(address)
    if (devices >= SHARED_BY) return none(`${devices} devices have sessions from ${address}`)
    return { kind: 'block', target: 'address', name: address, milliseconds }
  }
}

/** The number of a posture's name in the configuration. */
export const postureOf = (name: Exclude<PostureName, 'trusted'>): Exclude<Posture, 0> => Posture[name]

const none = (why: string): Reaction => ({ kind: 'none', why })
