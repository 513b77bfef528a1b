import { deviceSecret, sealKeyBytes } from '@ringwall/proof'
import { type Config, compileGlobs } from '../config/index.ts'
import type { Guard } from '../contract/index.ts'
import { integrity } from '../guards/integrity.ts'
import { SealSlots } from '../guards/seal-slots.ts'
import type { Material } from '../keys/material.ts'

/** The guard that verifies seals, with the keys of a site; null where seals are off. */
export function sealGuard(
  { site, seals, limits }: Config,
  { sealSecret }: Pick<Material, 'sealSecret'>,
  slot: number,
): Guard | null {
  if (seals === 'off' || sealSecret === null) return null
  const { policy, required, epochs, clock, gaps } = seals
  const covers = compileGlobs(required ?? [])
  const keyOf = (device: string, epoch: number): Uint8Array | null =>
    epochs.includes(epoch) ? sealKeyBytes(deviceSecret(sealSecret, site, device), device, epoch) : null
  const rules = {
    policy: (device: string) => (covers(device) ? 'required' : policy),
    clock,
    refusesGaps: gaps === 'refuse',
  }
  return integrity(rules, new SealSlots(keyOf, limits.packet + MOST_HEADS), slot)
}

/** What a MAC covers beside a packet, at most: heads of byte strings, and the topic that an alias stands for. */
const MOST_HEADS = 65_536 + 256
