import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** One thread, whatever library counts the cores. */
const ONE_THREAD = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR', 'VECLIB_MAXIMUM'].map(name => [`${name}_NUM_THREADS`, '1']),
)

/**
 * A Python program that answers requests: a line of JSON on its standard input, a line of JSON on its standard output. It stays between requests, so that what it
 * imports and warms up is paid once, as in this process.
 */
export class Python {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  private constructor(script: string) {
    this.#child = spawn('/usr/bin/python3', ['-W', 'ignore', script], {
      env: { ...process.env, ...ONE_THREAD },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000)
    })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /**
   * Starts a script. Throws with Python's own words where it cannot import what it needs, or with the command that installs it.
   * @param packages what it imports, by the names of Debian's packages: `python3-torch`
   */
  static async start(script: string, packages: readonly string[]): Promise<Python> {
    const missing = packages.filter(
      name => !existsSync(`/usr/lib/python3/dist-packages/${name.replace('python3-', '')}`),
    )
    if (missing.length > 0)
      throw new Error(`missing: ${missing.join(', ')}. To install: apt-get install -y ${missing.join(' ')}`)
    const python = new Python(script)
    await python.ask({ ready: true })
    return python
  }

  /** Asks, and waits for the answer. Throws with Python's own words where it has none. */
  async ask<Answer>(request: object): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`the Python peer ended: ${this.#errors.trim()}`)
    return JSON.parse(value)
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.stdin!.end()
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await exited
    clearTimeout(patience)
  }
}
