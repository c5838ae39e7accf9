// How the console is built: one page, split by route, nothing inlined (the server's policy for
// content forbids inline scripts), and in development the API of a running `tally serve`.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["TALLY_SERVER"] ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  server: {
    // The samples lie beside the console.
    fs: { allow: [".."] },
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
  },
});
