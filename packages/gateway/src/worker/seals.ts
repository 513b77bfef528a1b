import { deviceSecret, sealKeyBytes } from '@ringwall/proof'
import { type Config, compileGlobs } from '../config/index.ts'
import type { Guard } from '../contract/index.ts'
import { integrity } from '../guards/integrity.ts'
import { type KeyOf, SealSlots } from '../seals/slots.ts'

/** The keys of a site's seals; null where seals are off. @param secret of the site; null where it is not known, and every MAC's answer is */
export function sealSlotsOf({ site, seals, limits }: Config, secret: Uint8Array | null): SealSlots | null {
  if (seals === 'off') return null
  const { epochs } = seals
  const keyOf: KeyOf = (device, epoch) =>
    secret !== null && epochs.includes(epoch) ? sealKeyBytes(deviceSecret(secret, site, device), device, epoch) : null
  return new SealSlots(keyOf, limits.packet + MOST_HEADS)
}

/** The guard that verifies seals; null where they are off. */
export function sealGuard({ seals }: Pick<Config, 'seals'>, slots: SealSlots | null, slot: number): Guard | null {
  if (seals === 'off' || slots === null) return null
  const { policy, required, clock, gaps } = seals
  const covers = compileGlobs(required ?? [])
  const rules = {
    policy: (device: string) => (covers(device) ? 'required' : policy),
    clock,
    refusesGaps: gaps === 'refuse',
  }
  return integrity(rules, slots, slot)
}

/** What a MAC covers beside a packet, at most: heads of byte strings, and the topic that an alias stands for. */
const MOST_HEADS = 65_536 + 256
