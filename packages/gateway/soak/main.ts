import { parseArgs } from 'node:util'
import { crash } from './crash.ts'
import { ledger } from './ledger.ts'
import { type Soak, table } from './soak.ts'

/** One file a kind of soak. */
const SOAKS: Readonly<Record<string, Soak>> = { crash, ledger }
const USAGE = `usage: npm run soak -- <${Object.keys(SOAKS).join('|')}> [--rounds 50] [--seed N] [--json]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const soak = SOAKS[positionals[0] ?? '']
const [rounds, seed] = [Number(values.rounds), Number(values.seed)]

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
