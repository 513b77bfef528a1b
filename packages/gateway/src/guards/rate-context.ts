import { type Lane, Posture, type Scene, Tier } from '../contract/index.ts'
import type { Limit } from '../lanes/limits.ts'
import { LaneWord as Word } from '../lanes/record.ts'
import { modeAt, modeSlot, RhythmMode } from '../lanes/rhythm-words.ts'
import { figure } from '../profile/law/index.ts'

/** How a device's limit follows what was learned of it, where it stands, and how busy the gateway is. */
export interface Adaptation {
  /** How many times its learned rate a device may have while the gateway is not strained; 0 looks at nothing that was learned. */
  readonly headroom: number
  /** No learned rate and no load narrows a device below so many messages a second. */
  readonly floor: number
  /** How long tier and posture count on after they have become better, in milliseconds. */
  readonly recovery: number
  /** The names of the operating modes, for sentences. */
  readonly modes: readonly string[]
}

export const NO_ADAPTATION: Adaptation = { headroom: 0, floor: 1, recovery: 10_000, modes: [] }

/** What is left of the limit by posture; a quarantined device may say little more than that it lives. */
const BY_POSTURE = [1, 1 / 2, 1 / 4, 1 / 50]
const POSTURES = ['trusted', 'watched', 'restricted', 'quarantined']
const NARROWED = ['', 'halved', 'a quarter of it', 'a fiftieth of it']
/** By tier: how many times its baseline a device may have at most, and of the ceiling where it has no baseline. */
const OF_BASELINE = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 2, 1.25]
const OF_CEILING = [1, 1, 1 / 2, 1 / 4]
const TIERS = ['calm', 'busy', 'strained', 'overloaded']

/**
 * Keeps a lane's limit up to date (`rateLimit`, `rateBurst`): worked out when its context changes, otherwise a few compares.
 * What narrows counts at once, what widens only after `recovery`, so that limits do not flap.
 */
export class DeviceLimit {
  readonly #ceiling: Limit
  readonly #adaptation: Adaptation
  /** Tells limits of other configurations, which a lane may still hold, from those of this one. */
  readonly #digest: number

  constructor(ceiling: Limit, adaptation: Adaptation) {
    this.#ceiling = ceiling
    this.#adaptation = adaptation
    this.#digest = digestOf([ceiling.perSecond, ceiling.burst, adaptation.headroom, adaptation.floor])
  }

  update({ words, rhythm }: Lane, scene: Scene): void {
    const strain = scene.tier + 4 * scene.posture
    if (strain !== words[Word.rateStrain]) this.#strain(words, scene)
    else if (words[Word.rateStrainUntil] !== 0) words[Word.rateStrainUntil] = 0
    const slot = modeSlot(scene.mode)
    const baseline = rhythm[modeAt(slot) + RhythmMode.frozen]
    const context = this.#digest + words[Word.rateStrain] + (scene.maintenance ? 16 : 0) + 32 * slot
    if (context === words[Word.rateContext] && baseline === words[Word.rateBaseline]) return
    words[Word.rateContext] = context
    words[Word.rateBaseline] = baseline
    const posture = words[Word.rateStrain] >> 2
    const { perSecond, burst } = this.#ceiling
    const share = BY_POSTURE[posture]
    words[Word.rateLimit] = Math.min(perSecond, this.#within(rhythm, slot, scene.maintenance, words)) * share
    words[Word.rateBurst] = posture === Posture.quarantined ? 1 : Math.max(1, Math.floor(burst * share))
  }

  /** Which context set the limit, in words, to stand behind it; empty where it is the configuration's own. */
  explain({ words, rhythm }: Lane, scene: Scene): string {
    const { headroom, floor, modes } = this.#adaptation
    const { perSecond } = this.#ceiling
    const slot = modeSlot(scene.mode)
    const learned = this.#learned(rhythm, slot)
    const tier = words[Word.rateStrain] & 3
    const posture = words[Word.rateStrain] >> 2
    const within = this.#within(rhythm, slot, scene.maintenance, words)
    const parts: string[] = []
    if (within < perSecond) {
      const mode = scene.mode < 0 ? '' : ` in mode ${modes[scene.mode] ?? scene.mode}`
      const load = tier >= Tier.strained ? ` while the gateway is ${TIERS[tier]}` : ''
      const times = Math.min(headroom, OF_BASELINE[tier])
      if (within === floor) parts.push(`the least that anybody has${load}`)
      else if (learned > 0) parts.push(`${figure(times)} times the ${figure(learned)} learned${mode}${load}`)
      else parts.push(`${figure(OF_CEILING[tier])} of ${figure(perSecond)}${load}`)
    }
    if (posture > 0) parts.push(`${NARROWED[posture]} because the device is ${POSTURES[posture]}`)
    return parts.length === 0 ? '' : `: ${parts.join(', ')}`
  }

  #within(rhythm: Float64Array, slot: number, isMaintained: boolean, words: Float64Array): number {
    const { headroom, floor } = this.#adaptation
    const { perSecond } = this.#ceiling
    if (isMaintained) return perSecond
    const tier = words[Word.rateStrain] & 3
    const learned = this.#learned(rhythm, slot)
    const most = learned > 0 ? learned * Math.min(headroom, OF_BASELINE[tier]) : perSecond * OF_CEILING[tier]
    return Math.min(perSecond, Math.max(floor, most))
  }

  /** Messages a second in the busiest minute of the mode's learning period; 0 where there is no baseline. */
  #learned(rhythm: Float64Array, slot: number): number {
    const term = modeAt(slot)
    if (this.#adaptation.headroom === 0 || rhythm[term + RhythmMode.frozen] === 0) return 0
    return rhythm[term + RhythmMode.busiest] / Math.min(60, rhythm[term + RhythmMode.learned] / 1_000)
  }

  /** Takes over a tier and a posture that are worse at once, and what is better when it has been so for `recovery`. */
  #strain(words: Float64Array, { tier, posture, now }: Scene): void {
    const highest = Math.max(tier, words[Word.rateStrain] & 3)
    const furthest = Math.max(posture, words[Word.rateStrain] >> 2)
    const isWorse = tier === highest && posture === furthest
    if (!isWorse && words[Word.rateStrainUntil] === 0) words[Word.rateStrainUntil] = now + this.#adaptation.recovery
    if (isWorse || now >= words[Word.rateStrainUntil]) {
      words[Word.rateStrain] = tier + 4 * posture
      words[Word.rateStrainUntil] = 0
    } else words[Word.rateStrain] = highest + 4 * furthest
  }
}

/** A multiple of 512 that depends on the numbers (FNV-1a over their text). */
function digestOf(numbers: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const letter of numbers.join(' ')) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return (hash >>> 0) * 512 + 512
}
