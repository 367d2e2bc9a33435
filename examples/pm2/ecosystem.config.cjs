// What pm2 runs. The port, the folder of the data and the secret are in its environment.
const instances = 2;

module.exports = {
  apps: [
    {
      name: 'chat',
      script: `${__dirname}/server.js`,
      exec_mode: 'cluster',
      instances,
      env: { PROCESSES: String(instances) },
      // The old one is told to leave when the new one has said `ready`, and not before.
      wait_ready: true,
      listen_timeout: 5_000,
      // From SIGINT to SIGKILL.
      kill_timeout: 3_000,
      out_file: '/dev/null',
      error_file: '/dev/null',
    },
  ],
};
