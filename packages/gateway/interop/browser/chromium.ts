import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What a page's module writes, as JSON, into the page's `found`; in a browser that reaches nothing but this file. */
export function foundIn(page: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-page-'))
  try {
    const file = join(folder, 'page.html')
    writeFileSync(file, page)
    const { stdout, stderr } = spawnSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--virtual-time-budget=20000',
        '--dump-dom',
        pathToFileURL(file).href,
      ],
      { encoding: 'utf8', timeout: 100_000, maxBuffer: 64 * 2 ** 20 },
    )
    const shown = /<pre id="found">([^<]*)<\/pre>/.exec(stdout)?.[1]
    if (shown === undefined || shown === '-') throw new Error(`the page shows nothing: ${stderr.slice(-2_000)}`)
    return JSON.parse(
      shown.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A page's module: what `expression` comes to, or why it does not, is shown. @param before imports, and what the expression needs */
export function showing(before: string, expression: string): string {
  return `${before}
const show = value => { document.getElementById('found').textContent = JSON.stringify(value) }
try {
  show(await (${expression}))
} catch (error) {
  show(String(error))
}`
}
