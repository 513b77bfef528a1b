/**
 * Compiles globs over device ids: `*` is any number of characters, `?` is one. The result says whether any of them matches.
 * Takes time linear in glob times id at worst, so that no glob can stall a thread.
 */
export function compileGlobs(globs: readonly string[]): (device: string) => boolean {
  const exact = new Set(globs.filter(glob => !/[*?]/.test(glob)))
  const open = globs.filter(glob => /[*?]/.test(glob))
  return device => exact.has(device) || open.some(glob => matches(glob, device))
}

function matches(glob: string, text: string): boolean {
  let g = 0
  let t = 0
  let star = -1
  let retry = 0
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++
      retry = t
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g++
      t++
    } else if (star >= 0) {
      g = star + 1
      t = ++retry
    } else {
      return false
    }
  }
  while (glob[g] === '*') g++
  return g === glob.length
}
