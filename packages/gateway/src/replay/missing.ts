/** What could not be judged: how often which guard lacked what. */
export class Missing {
  readonly #counts = new Map<string, { readonly guard: string; readonly why: string; count: number }>()

  add(guard: string, why: string, count = 1): void {
    const key = `${guard}\n${why}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { guard, why, count })
    else known.count += count
  }

  get all(): readonly { readonly guard: string; readonly why: string; readonly count: number }[] {
    return [...this.#counts.values()]
  }
}
