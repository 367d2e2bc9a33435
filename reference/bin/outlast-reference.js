#!/usr/bin/env node
// Here before anything is built, so that npm can link the command on a clean clone.
import '../dist/main.js';
