import { FileKeyStore } from '@ringwall/device'
import { asEnvelope, type ChainState, type Seal, Sealer, sealKey } from '@ringwall/proof'
import type { Range } from '../range.ts'
import type { Outcome } from './report.ts'
import type { Session } from './session.ts'

/** Messages that each attack on sealed devices meddles with, and milliseconds from one to the next: the slower devices' own beat. */
export const TRIES = 3
const PERIOD = 1_000
/** What is on its way has so long to arrive, ms. */
const SETTLE = 500
/** What a false reading is off by, in the reading's unit: no law alone says that it is false. */
const OFF = 0.3

/** A message that the honest device has sealed, and what an attacker makes of it. */
export interface Sealed {
  readonly seal: Seal
  readonly payload: Uint8Array
  /** A false reading with a word in it that finds it again. */
  readonly lie: Uint8Array
}

/**
 * Lets an attacker make, in the device's own beat, something else of messages which it has sealed. Effect: lies that reached the observer.
 * @param make the payloads, in their envelopes, that go out in its stead
 */
export async function meddle(range: Range, what: string, make: (sealed: Sealed) => Uint8Array[]): Promise<Outcome> {
  await range.proveAccess()
  const sightings: { readonly count: number }[] = []
  let session: Session | null = null
  for (let i = 0; i < TRIES; i++) {
    await range.sleep(PERIOD)
    if (!session || session.closed) session = await range.enter(4)
    const { marker, sighting } = range.mark()
    const truth = range.fleet.truth(range.device)
    const payload = Buffer.from(JSON.stringify(range.honest(range.mark().marker, truth)))
    const lie = Buffer.from(JSON.stringify(range.honest(marker, Number((truth + OFF).toFixed(4)))))
    const made = make({ seal: range.seal(payload), payload, lie })
    for (const [index, each] of made.entries()) session.send(range.telemetry(each, 1 + i * made.length + index))
    sightings.push(sighting)
  }
  await range.sleep(SETTLE)
  session?.destroy()
  const effect = sightings.filter(({ count }) => count > 0).length
  return { attempts: TRIES, effect, detail: `${effect} of ${TRIES} ${what} arrived` }
}

/** Whoever has the device's secret and a former state of its chain. @param now the clock to seal by, milliseconds since the Unix epoch */
export function thief(range: Range, state: ChainState, now = Date.now()): (payload: Uint8Array) => Uint8Array {
  const { secret, epoch } = new FileKeyStore(range.options.seals?.[range.device] ?? '').load()
  const sealer = new Sealer(sealKey(secret, range.device, epoch), epoch, state)
  return payload => asEnvelope(sealer.seal(range.topic(range.device, 'telemetry'), payload, now), payload)
}
