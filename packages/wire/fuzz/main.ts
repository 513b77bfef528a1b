/**
 * `npm run fuzz -- TARGET [--seconds 60] [--seed N] [--json]`: tries a target with made and mutated inputs until the
 * time is over or something was found. Exit status: 0 nothing found, 1 something found, 2 wrong usage.
 * With a seed the runs begin there, so that a finding's seed shows it again in the first run.
 */
import { type FuzzArguments, readArguments } from './arguments.ts'
import type { Finding, Tally, Target } from './target.ts'
import { wire } from './wire.ts'

const targets: readonly Target[] = [wire]

function fuzz(target: Target, firstSeed: number, seconds: number, tally: Tally): Finding | null {
  const began = Date.now()
  let told = began
  for (let seed = firstSeed; Date.now() - began < seconds * 1000; seed++) {
    const finding = target.run(seed | 0, tally)
    if (finding !== null) return finding
    if (Date.now() - told < 5000) continue
    told = Date.now()
    console.error(`${Math.round((told - began) / 1000)} s: ${tally.inputs} inputs, ${tally.frames} frames`)
  }
  return null
}

function report(asked: FuzzArguments, firstSeed: number, tally: Tally, finding: Finding | null): void {
  const faults = Object.fromEntries([...tally.faults].sort(([, a], [, b]) => b - a))
  const { runs, inputs, bytes, frames } = tally
  const found = finding === null ? null : { ...finding, input: Buffer.from(finding.input).toString('hex') }
  if (asked.json) {
    const { target, seconds } = asked
    console.log(
      JSON.stringify({ target, seconds, seed: firstSeed, runs, inputs, bytes, frames, faults, finding: found }),
    )
    return
  }
  console.log(`${asked.target}: seed ${firstSeed}, ${runs} runs, ${inputs} inputs, ${bytes} bytes, ${frames} frames`)
  for (const [code, times] of Object.entries(faults)) console.log(`  ${code} ${times}`)
  if (found === null) console.log('nothing found')
  else console.log(`found: ${found.why}\n  seed ${found.seed}\n  input ${found.input}`)
}

function main(): number {
  let asked: FuzzArguments
  try {
    asked = readArguments(
      process.argv.slice(2),
      targets.map(one => one.name),
    )
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 2
  }
  const target = targets.find(one => one.name === asked.target)
  if (target === undefined) return 2
  const firstSeed = asked.seed ?? Date.now() % 1_000_000_000
  const tally: Tally = { runs: 0, inputs: 0, bytes: 0, frames: 0, faults: new Map() }
  const finding = fuzz(target, firstSeed, asked.seconds, tally)
  report(asked, firstSeed, tally, finding)
  return finding === null ? 0 : 1
}

process.exitCode = main()
