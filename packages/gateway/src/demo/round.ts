import { forkLab, type LabEvent, type Scorecard } from '@ringwall/lab'
import type { Gateway } from '../gateway.ts'
import type { PlantSite } from './plant-site.ts'
import { stopperFrom } from './stopper.ts'

export interface RoundOptions {
  readonly gateway: Gateway
  readonly site: PlantSite
  /** The broker behind the gateway, for the lab's privileged observer, with its password. */
  readonly broker: string
  readonly seed: number
  readonly seconds: number
  /** Default all. */
  readonly attacks?: readonly string[]
  readonly on: (event: LabEvent) => void
  readonly signal: AbortSignal
}

/** Lets plant, fleet and attackers loose on a gateway for some seconds, in a process of their own. */
export function playRound(options: RoundOptions): Promise<Scorecard> {
  const { gateway, site, broker, seed, seconds, attacks, on, signal } = options
  const { config, credentials, foreign } = site
  const { rate, size, limits, ledger } = config
  return forkLab(
    {
      seed,
      site: config.site,
      seconds,
      gateway: { host: '127.0.0.1', port: gateway.port, servername: 'localhost' },
      upstream: { url: broker },
      credentials,
      foreign,
      seals: site.seals,
      ...(ledger !== 'off' && { ledger: { folder: ledger.path, key: ledger.key, verifier: `${ledger.key}.pub` } }),
      ...(attacks && { attacks }),
      limits: {
        messagesPerSecond: rate.device.messages,
        burst: rate.device.burst,
        payloadBytes: size.topics[0].bytes,
        connectSeconds: limits.connectTimeout / 1000,
        levelTolerance: site.levelTolerance,
      },
      stoppedBy: stopperFrom(gateway.verdicts),
    },
    on,
    signal,
  )
}
