/**
 * The chance of `hits` or more out of `count` draws that each hit with the chance `rate`: the binomial's upper tail, summed from its smallest terms up. Below 1e-300 it
 * is as good as 0.
 */
export function upperTail(hits: number, count: number, rate: number): number {
  if (hits <= 0) return 1
  let sum = 0
  for (let k = count; k >= hits; k--) sum += Math.exp(logTerm(k, count, rate))
  return Math.min(1, sum)
}

function logTerm(k: number, count: number, rate: number): number {
  let log = k * Math.log(rate) + (count - k) * Math.log1p(-rate)
  for (let i = 1; i <= Math.min(k, count - k); i++) log += Math.log((count - i + 1) / i)
  return log
}
