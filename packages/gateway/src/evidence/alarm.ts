import type { Severity } from '../contract/index.ts'
import type { Happening } from './happening.ts'

/** A scenario has come true. Detectors never refuse: what follows is for others to decide. */
export interface Alarm {
  readonly scenario: string
  /** ATT&CK for ICS. */
  readonly technique: string
  readonly severity: Severity
  /** The device, or the address where it is not known; the group's own value where it is about neither. */
  readonly subject: string
  /** '' where it is not about one: of a flood on a topic, or of an address. */
  readonly device: string
  /** '' where it is about neither a device nor an address. */
  readonly address: string
  /** Of the happening that made it true; '' where it has none. */
  readonly topic: string
  /** Wall milliseconds: when it came true, and when it began. */
  readonly time: number
  readonly began: number
  /** One sentence with its numbers. */
  readonly why: string
  readonly figures: Readonly<Record<string, number>>
  readonly labels: readonly string[]
  /** The first few that belong to it, as far as they are still remembered. */
  readonly happenings: readonly Happening[]
  /** What a model made of it; absent where none did. */
  readonly detection?: Detection
}

/** Why a model's score is an alarm. */
export interface Detection {
  /** The model's digest. */
  readonly model: string
  /** What the model takes it for: the likeliest class that is not normal; `unknown` where it is like none. */
  readonly class: string
  /** The probability that it is of no normal class, or of `unknown` the doubt, and from which on that is an alarm. */
  readonly score: number
  readonly threshold: number
  /** The features that speak most for the class, most first. */
  readonly features: readonly Feature[]
}

/** One number of what was scored. */
export interface Feature {
  readonly name: string
  /** Null where it is not known. */
  readonly value: number | null
  /** How much it moved the score towards the class (Saabas 2014): probability of a forest, log-odds of boosted trees, of an ensemble the shares of both, weighted; of what is like nothing that was learned its share of what lies between it and the nearest row that was. */
  readonly contribution: number
}
