export { withClock } from './faults/clock.ts';
export type { ConnectionFault, ProxiedRequest, ProxyRule } from './faults/connection-fault.ts';
export type { FaultProxy } from './faults/fault-proxy.ts';
export { startFaultProxy } from './faults/fault-proxy.ts';
export type { DriverOperation, Fault, FaultRule, FaultyLayer, WatchedCall } from './faults/faulty-driver.ts';
export { connectionRefused, connectionReset, denied, faulty } from './faults/faulty-driver.ts';
export type { TcpProxy } from './faults/tcp-proxy.ts';
export { startTcpProxy } from './faults/tcp-proxy.ts';
