import { extname } from 'node:path'
import { RingwallError } from '../base/error.ts'
import { alarmsIn } from './learn-alarms.ts'
import { counted } from './learn-columns.ts'
import { writeOut } from './learn-input.ts'
import { drawing, escaped, type Plot, STYLE, whenText } from './learn-svg.ts'

/** Draws a series: an SVG, or a page that holds one, by the file's ending. Nothing is loaded from elsewhere. Errors: `plot_kind`, `file_unusable`. */
export function writePlot(file: string, plot: Plot): void {
  const ending = extname(file).toLowerCase()
  if (ending === '.svg') writeOut(file, drawing(plot))
  else if (ending === '.html' || ending === '.htm') writeOut(file, page(plot))
  else {
    const what = `--plot ${file} has no ending .svg or .html`
    throw new RingwallError('plot_kind', what, 'Name a file that ends in .svg or .html.')
  }
}

const MOST_LINES = 500

function page(plot: Plot): string {
  const { title, rows, chosen, times, trainRows } = plot
  const alarms = alarmsIn(rows)
  const changes = rows.reduce((sum, { change }) => sum + Number(change), 0)
  const lines = alarms.slice(0, MOST_LINES).map(({ from, to, highest, sensor }) => {
    const cells = [whenText(times, from), whenText(times, to), String(to - from + 1), highest.toFixed(2)]
    return `<tr>${[...cells, chosen.names[sensor] ?? '–'].map(cell => `<td>${escaped(cell)}</td>`).join('')}</tr>`
  })
  const head = ['from', 'to', 'rows', 'highest score', 'blamed sensor'].map(name => `<th scope="col">${name}</th>`)
  const table =
    lines.length === 0
      ? ''
      : `<table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`
  const learned = trainRows > 0 ? `, the first ${trainRows} learned from` : ''
  const more = alarms.length > MOST_LINES ? `<p>… and ${alarms.length - MOST_LINES} more alarms</p>` : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}
body { margin: 0 auto; max-width: 1100px; padding: 1rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.2rem; overflow-wrap: anywhere }
svg { width: 100%; height: auto }
table { border-collapse: collapse; margin-top: 1rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line) }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${counted(rows.length, 'row')} of ${counted(chosen.names.length, 'sensor')}${learned}. ${counted(alarms.length, 'alarm')}, ${counted(changes, 'change')}.</p>
${drawing(plot)}
${table}${more}
</body>
</html>
`
}
