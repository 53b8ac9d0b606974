import { readFileSync } from 'node:fs'

import { WebSocket } from 'ws'

/** CPU time that a process has used, user and system together, in microseconds. Linux only. */
export function readCpuMicros(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return ticks * 10_000
}

/** Resident memory of a process, in bytes. Linux only. */
export function readResidentBytes(pid: number) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** Lets a process that was started with --inspect collect its garbage, so that what remains is in use. */
export async function collectGarbage(inspectorUrl: string) {
  const socket = new WebSocket(inspectorUrl)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  for (let id = 1; id <= 2; id++) {
    const answered = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    await answered
  }
  socket.close()
}
