/** How the process ends, for unit files and people (after sysexits.h). */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  /** The environment holds a mistake. */
  config: 78,
  /** The data folder or the database can't be used: not writable, damaged, in use. */
  data: 74,
  /** The database was written by a newer Parley. */
  newerData: 76,
  /** The port is taken or not ours to take. */
  port: 69,
  /** A write failed and its outcome is unknown: start again, and what was acknowledged is there. */
  io: 75,
} as const
