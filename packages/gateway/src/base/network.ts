/** What counts as one address: an IPv6 host has a whole /64 to choose from. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head, tail] = address.split('%')[0].split('::')
  const front = head === '' ? [] : head.split(':')
  if (tail === undefined) return front.slice(0, 4).join(':')
  const back = tail === '' ? [] : tail.split(':')
  const whole = [...front, ...new Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return whole.slice(0, 4).join(':')
}
