/**
 * `npm run fuzz -- TARGET [--seconds 60] [--seed N] [--json]`: tries a target with made and mutated inputs until the
 * time is over or something was found. Exit status: 0 nothing found, 1 something found, 2 wrong usage.
 * With a seed the runs begin there, so that a finding's seed shows it again in the first run.
 */
import { Worker } from 'node:worker_threads'
import type { Finding, Tally } from '../packages/wire/fuzz/target.ts'
import { type FuzzArguments, readArguments } from './arguments.ts'
import { Notebook } from './notebook.ts'
import type { News, Order } from './runner.ts'
import { targets } from './targets.ts'

// One input takes well under a millisecond.
const HANG_MS = 10_000

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

/** Runs the target in a worker, which can be stopped though it hangs. */
function fuzz(asked: FuzzArguments, seed: number): void {
  const notebook = new Notebook()
  const workerData: Order = { target: asked.target, seed, seconds: asked.seconds, memory: notebook.memory }
  const worker = new Worker(new URL('./runner.ts', import.meta.url), { workerData })
  const began = Date.now()
  let tally: Tally = { runs: 0, inputs: 0, bytes: 0, frames: 0, faults: new Map() }
  let begun = 0
  let moved = began

  const finish = (finding: Finding | null) => {
    clearInterval(watch)
    report(asked, seed, tally, finding)
    process.exitCode = finding === null ? 0 : 1
    worker.terminate()
  }
  const watch = setInterval(() => {
    if (notebook.begun !== begun) {
      begun = notebook.begun
      moved = Date.now()
    } else if (Date.now() - moved > HANG_MS) finish(notebook.finding(`it hangs: no end after ${HANG_MS / 1000} s`))
  }, 500)
  worker.on('message', (news: News) => {
    tally = news.tally
    if (news.done) return finish(news.finding)
    console.error(`${Math.round((Date.now() - began) / 1000)} s: ${tally.inputs} inputs, ${tally.frames} frames`)
  })
  worker.on('error', error => finish(notebook.finding(`the runner failed: ${error}`)))
}

function main(): void {
  try {
    const names = targets.map(one => one.name)
    const asked = readArguments(process.argv.slice(2), names)
    fuzz(asked, asked.seed ?? Date.now() % 1_000_000_000)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
  }
}

main()
