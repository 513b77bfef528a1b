import type { AttackReport, AttackTrace, Expectation, Named } from './attackers/report.ts'
import type { KeyStores } from './fleet/sealed.ts'
import type { Mode } from './plant/supervisor.ts'

/** What a TLS client needs, each in PEM. */
export interface Credentials {
  readonly key: string
  readonly cert: string
  readonly ca: string
}

/**
 * What the gateway is configured to allow, so that the attackers aim above it and the lab measures against it.
 * Give the gateway's real limits: the defaults are those of the demo.
 */
export interface Limits {
  /** Publishes a second that one device may make. */
  readonly messagesPerSecond: number
  /** Publishes that one device may make at once. */
  readonly burst: number
  /** Bytes of payload on a telemetry topic. */
  readonly payloadBytes: number
  /** Seconds from a connection's beginning until its CONNECT must be complete. */
  readonly connectSeconds: number
  /** The tolerance of the mass balance of a tank as a level, m. */
  readonly levelTolerance: number
  /** Entries of the ledger that one device, and all who are none together, can bring about in a minute. */
  readonly entriesOfDevice: number
  readonly entriesOfStrangers: number
}

/** Files of the gateway's ledger, for those who sit on its machine and for its auditor. They are only read: what is forged is a copy. */
export interface LedgerAccess {
  readonly folder: string
  /** The file of the Ed25519 key that signs it, PEM. */
  readonly key: string
  /** The file of the key that verifies it: name+id+key. */
  readonly verifier: string
}

/** What stopped an attack, or an empty string for nothing, and when it was first found out, in ms since the Unix epoch. */
export interface Stopper {
  readonly by: string
  readonly first?: number
}

/** Says what stopped an attack: `floor` or a guard's name. The lab itself cannot know. */
export type StoppedBy = (trace: AttackTrace) => string | Stopper | Promise<string | Stopper>

export interface LabOptions {
  readonly seed: number
  /** The first level of every topic. */
  readonly site: string
  /** Wall seconds from the first connection to the last count. 45 is enough for all attacks. */
  readonly seconds: number
  /** How much faster than life the plant runs and its devices report. Default 1. */
  readonly speed?: number
  readonly gateway: { readonly host: string; readonly port: number; readonly servername: string }
  /** The broker behind the gateway, for the privileged observer: a plain `mqtt://` url. */
  readonly upstream: { readonly url: string }
  /** By device id: every device of `labDevices`. */
  readonly credentials: Readonly<Record<string, Credentials>>
  /** Of a CA that the gateway does not trust; the certificate names a real device. */
  readonly foreign: Credentials
  /** The key stores of the devices that seal, as `enrollSealed` makes them. Without it nobody seals, and attacks on seals are left out. */
  readonly seals?: KeyStores
  /** Without it, attacks that need the ledger are left out. */
  readonly ledger?: LedgerAccess
  /** Names of the attacks to run, in the lab's own order. Default all. */
  readonly attacks?: readonly string[]
  readonly limits?: Partial<Limits>
  /** Asked once an attack after the lab has counted. Without it `stoppedBy` stays empty. */
  readonly stoppedBy?: StoppedBy
}

export type LabPhase = 'connecting' | 'settling' | 'attacking' | 'counting' | 'done'

/** What happens in the lab, for a live board. `time` is milliseconds since the Unix epoch. */
export type LabEvent =
  | { readonly kind: 'phase'; readonly time: number; readonly phase: LabPhase }
  | {
      readonly kind: 'plant'
      readonly time: number
      readonly mode: Mode
      /** True readings by device id, in the unit of `labDevices`. */
      readonly values: Readonly<Record<string, number>>
      /** Overflowing tanks, dry-running pumps, a tripped heater. */
      readonly conditions: readonly string[]
    }
  | {
      readonly kind: 'fleet'
      readonly time: number
      readonly devices: number
      readonly connected: number
      /** Sessions that ended although nobody asked for it. */
      readonly dropped: number
      readonly published: number
      readonly delivered: number
      /** Milliseconds from a device's publish to the observer, over the last thousand messages. */
      readonly latency: { readonly p50: number; readonly p99: number }
    }
  | {
      readonly kind: 'attack-start'
      readonly time: number
      readonly name: string
      readonly technique: string
      readonly title: string
      readonly expected: Expectation
      readonly device: string
    }
  /** An honest device is looked after, and does what it never does otherwise. */
  | { readonly kind: 'service'; readonly time: number; readonly device: string; readonly begins: boolean }
  | { readonly kind: 'attack-end'; readonly time: number; readonly report: AttackReport }

/** One attack's line in the scorecard. */
export interface AttackScore {
  readonly name: string
  /** The ATT&CK for ICS id. */
  readonly technique: string
  readonly title: string
  readonly expected: Expectation
  readonly attempts: number
  /** Measured; 0 means that the attack achieved nothing. Read it only where `error` is null. */
  readonly effect: number
  readonly detail: string
  /** What the caller's `stoppedBy` said; of what was found by other means than a verdict, what found it. */
  readonly stoppedBy: string
  /** Of the latter: the codes by which it was named. */
  readonly code?: string
  /** Of a lie that grows: how far it had gone when it was first refused or flagged; null where it never was. */
  readonly named?: Named | null
  /** Why the attack could not be carried out or measured, so that its effect of 0 proves nothing. */
  readonly error: string | null
}

export interface Scorecard {
  /** Honest devices that were connected. */
  readonly devices: number
  /** Telemetry messages acknowledged (QoS 1) or handed over (QoS 0). */
  readonly published: number
  /** Of these, how many the observer saw behind the gateway. */
  readonly delivered: number
  readonly lost: number
  readonly attacks: readonly AttackScore[]
}
