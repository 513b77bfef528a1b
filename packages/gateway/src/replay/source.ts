import { spawn } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { RingwallError, systemCode } from '../base/error.ts'

/** Where a capture's bytes come from. */
export interface Source {
  readonly name: string
  /** Bytes in all, 0 where that is not known. */
  readonly size: number
  /**
   * The bytes; a chunk is valid until the next one is asked for. Throws a `RingwallError`.
   * @param window where they are put if that is as well as anywhere else
   */
  chunks(window?: Uint8Array | null): AsyncIterable<Uint8Array>
  /** What the source itself has to say at its end: packets that were lost on the way here, or an empty text. */
  note(): string
  /** Makes the source end. */
  stop(): void
}

/** As much as stays in a processor's own memory while it is judged; all of a file goes through one buffer of this size. */
const AT_ONCE = 262_144

/** A capture file, or standard input for `-`. */
export function fileSource(file: string): Source {
  const stdin = file === '-'
  const name = stdin ? 'standard input' : file
  return {
    name,
    size: stdin ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    chunks: window => readable(stdin ? process.stdin : readFile(file, window ?? new Uint8Array(AT_ONCE)), name),
    note: () => '',
    stop: () => {},
  }
}

async function* readable(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>,
  name: string,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of chunks) yield chunk as Uint8Array
  } catch (error) {
    if (systemCode(error) === '') throw error
    const hint = 'Name a capture file (pcap or pcapng), or - for standard input.'
    throw new RingwallError('file_unusable', `it cannot be read (${systemCode(error)})`, hint, { file: name }, error)
  }
}

function* readFile(file: string, buffer: Uint8Array): Iterable<Uint8Array> {
  const descriptor = openSync(file, 'r')
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      yield buffer.subarray(0, read)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** How much of what tcpdump says is kept for its last words. */
const MOST_SAID = 8_192

/**
 * A network interface, read by `tcpdump`, which has the privilege to do so, or not. Nothing is ever sent. Packets that
 * the kernel or tcpdump dropped are told by `note`.
 */
export function liveSource(device: string, filter: string): Source {
  const args = ['-i', device, '-w', '-', '-U', '-s', '0', '--immediate-mode', '-n', filter]
  // Its own process group: Ctrl-C goes to us alone, who end tcpdump and then read what it still has.
  const child = spawn('tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  let failed: unknown = null
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-MOST_SAID)
  })
  child.on('error', error => {
    failed = error
  })
  const ended = new Promise<number | null>(resolve => child.on('close', code => resolve(code)))
  return {
    name: device,
    size: 0,
    async *chunks() {
      let bytes = 0
      for await (const chunk of child.stdout) {
        bytes += (chunk as Uint8Array).length
        yield chunk as Uint8Array
      }
      const code = failed === null ? await ended : 1
      if (code !== 0 && bytes === 0) throw unusable(device, said, failed)
    },
    note: () => lossesOf(said),
    stop: () => child.kill('SIGINT'),
  }
}

function unusable(device: string, said: string, failed: unknown): RingwallError {
  if (systemCode(failed) === 'ENOENT') {
    const hint = 'Install tcpdump, or record a file elsewhere and replay that.'
    return new RingwallError('tap_missing', 'tcpdump is not installed', hint, {}, failed)
  }
  const why = said.trim().split('\n').at(-1) ?? ''
  const hint = 'Run as root, or give tcpdump the capability cap_net_raw; `tcpdump -D` lists the interfaces.'
  return new RingwallError('tap_refused', `${device} cannot be listened to: ${why}`, hint)
}

/** Tcpdump's counts at its end, such as `3 packets dropped by kernel`; empty where it lost nothing. */
function lossesOf(said: string): string {
  const losses = said.split('\n').filter(line => /^[1-9]\d* packets? dropped/.test(line))
  return losses.join(', ')
}
