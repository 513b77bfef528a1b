import { parseOptions } from './base/options.ts'
import { type Line, progress, table } from './base/report.ts'
import { type Bench, runBench } from './benches/bench.ts'
import { connections } from './benches/connections.ts'
import { guards } from './benches/guards.ts'
import { hostile } from './benches/hostile.ts'
import { invariant } from './benches/invariant.ts'
import { learn } from './benches/learn.ts'
import { ledger } from './benches/ledger.ts'
import { model } from './benches/model.ts'
import { path } from './benches/path.ts'
import { quality } from './benches/quality.ts'
import { replay } from './benches/replay.ts'
import { seal } from './benches/seal.ts'
import { validator } from './benches/validator.ts'

const benches: Record<string, Bench> = {
  path,
  connections,
  hostile,
  guards,
  validator,
  invariant,
  ledger,
  replay,
  seal,
  learn,
  quality,
  model,
}

try {
  const options = parseOptions(process.argv.slice(2), Object.keys(benches))
  const lines: Line[] = []
  await runBench(benches[options.bench]!, options, line => {
    lines.push(line)
    if (options.json) process.stdout.write(`${JSON.stringify(line)}\n`)
  })
  if (!options.json) process.stdout.write(`${table(lines)}\n`)
  process.exit(0)
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
