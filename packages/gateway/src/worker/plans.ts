import type { Config } from '../config/index.ts'
import type { Material } from '../keys/material.ts'
import type { Plan } from '../path/judge.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { SealSlots } from '../seals/slots.ts'
import { rulesOf } from './compose.ts'
import { compilePlans, SEAL_SLOT, type SharedMemory } from './plan.ts'
import { sealGuard } from './seals.ts'

/** The plans of a worker, with all that its files bring: signatures and the keys of seals. */
export function plansFor(
  config: Config,
  material: Material,
  book: ProfileBook,
  shared: SharedMemory,
  seals: SealSlots | null,
): (device: string, isBypassed?: boolean) => Plan {
  return compilePlans(config, book, shared, rulesOf(config, material), sealGuard(config, seals, SEAL_SLOT))
}
