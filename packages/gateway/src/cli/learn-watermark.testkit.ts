/** Numbers that look like noise, and are the same each time. */
const noise = (row: number, column: number) => (Math.sin(row * 12.9898 + column * 78.233) * 43758.5453) % 1

/** A table of six sensors and a state. */
export function states(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: 6 }, (_, i) => ((row % 3) * (i % 2) + noise(row, i)).toFixed(3))
    return [...cells, ['off', 'low', 'high'][row % 3]].join(',')
  })
  return `a,b,c,d,e,f,state\n${lines.join('\n')}\n`
}
