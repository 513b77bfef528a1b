import { parseArgs } from 'node:util'
import { crash } from './crash.ts'
import { ledger } from './ledger.ts'
import { type Soak, table } from './soak.ts'
import { tamper } from './tamper.ts'
import { verify } from './verify.ts'

/** One file a kind of soak, and how many rounds it has where nobody says. */
const SOAKS: Readonly<Record<string, readonly [soak: Soak, rounds: number]>> = {
  crash: [crash, 50],
  ledger: [ledger, 100],
  tamper: [tamper, 2_000],
  verify: [verify, 1_000],
}
const USAGE = `usage: npm run soak -- <${Object.keys(SOAKS).join('|')}> [--rounds N] [--seed N] [--json]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const [soak, usual = 0] = SOAKS[positionals[0] ?? ''] ?? []
const [rounds, seed] = [Number(values.rounds ?? usual), Number(values.seed)]

if (
  soak === undefined ||
  positionals.length > 1 ||
  !Number.isSafeInteger(rounds) ||
  rounds < 1 ||
  !Number.isSafeInteger(seed)
) {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 2
} else {
  const outcome = await soak({ rounds, seed, tell: text => process.stderr.write(`${text}\n`) })
  process.stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : table(outcome))
  if (!outcome.good) process.exitCode = 1
}
