/** Whether a file holds Sigma rules rather than a scenario of our own. */
export function isSigma(text: string): boolean {
  return /^(detection|correlation|logsource)[ \t]*:/m.test(text)
}
