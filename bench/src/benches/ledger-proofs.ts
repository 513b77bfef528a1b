import { join } from 'node:path'
import { Ledger, LedgerReader, verifyFolder } from '../../../packages/proof/src/files/index.ts'
import { makeBundle, type Signer, type Verifier, verifyBundle } from '../../../packages/proof/src/index.ts'
import type { Options } from '../base/options.ts'
import { cpuMicroseconds } from '../base/proc.ts'
import { alone, type Line, progress } from '../base/report.ts'
import { seeded } from '../base/turns.ts'

const ORIGIN = 'bench.example/audit'
const SIZES = [1_000, 1_000_000]
const IN_APPEND = 8_000
const PROOFS = 200

interface Signing {
  readonly signer: Signer
  readonly verifier: Verifier
}

/** Bytes of a proof bundle without its entry, the time to make and to verify one, and the CPU to verify the whole ledger, by its size. */
export async function* proofs(options: Options, folder: string, { signer, verifier }: Signing): AsyncGenerator<Line> {
  for (const size of SIZES) {
    const name = `${size.toLocaleString('en')} entries`
    if (options.quick && size > 1_000) continue
    if (options.only !== undefined && !name.includes(options.only)) continue
    const path = join(folder, `proofs-${size}`)
    progress(`${name}: proofs`)
    await fill(path, size, signer, verifier)
    const about = { bench: 'ledger', case: name }
    const found = await prove(path, size, verifier, options.seed)
    yield alone({ ...about, metric: 'hashes in a proof', unit: '' }, found.hashes)
    yield alone({ ...about, metric: 'proof bundle but for its entry', unit: 'B' }, found.bytes)
    yield alone({ ...about, metric: 'time to prove', unit: 'us' }, found.made)
    yield alone({ ...about, metric: 'time to verify a proof', unit: 'us' }, found.verified)
    const before = cpuMicroseconds(process.pid)
    const { ok } = await verifyFolder(path, [verifier])
    if (!ok) throw new Error('the ledger does not hold')
    yield alone({ ...about, metric: 'CPU to verify all', unit: 's' }, [(cpuMicroseconds(process.pid) - before) / 1e6])
  }
}

async function fill(path: string, size: number, signer: Signer, verifier: Verifier): Promise<void> {
  const ledger = await Ledger.open(path, { origin: ORIGIN, signer, verifier })
  for (let at = 0; at < size; at += IN_APPEND) {
    const count = Math.min(IN_APPEND, size - at)
    await ledger.append(Array.from({ length: count }, (_, i) => Buffer.alloc(220, `entry ${at + i} `)))
  }
  await ledger.close()
}

async function prove(path: string, size: number, verifier: Verifier, seed: number) {
  const random = seeded(seed)
  const reader = new LedgerReader(path)
  const found: Record<'hashes' | 'bytes' | 'made' | 'verified', number[]> = {
    hashes: [],
    bytes: [],
    made: [],
    verified: [],
  }
  for (let i = 0; i < PROOFS; i++) {
    const index = Math.floor(random() * size)
    const began = performance.now()
    const bundle = makeBundle(index, reader.entry(index), reader.inclusion(index), reader.note)
    const made = performance.now()
    const { ok } = await verifyBundle(bundle, { log: [verifier] })
    if (!ok) throw new Error(`entry ${index} is not proven`)
    found.verified.push((performance.now() - made) * 1_000)
    found.made.push((made - began) * 1_000)
    found.hashes.push(bundle.path.length)
    found.bytes.push(JSON.stringify(bundle).length - bundle.entry.length)
  }
  return found
}
