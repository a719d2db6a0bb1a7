using BenchmarkDotNet.Running;

// dotnet run --project bench/Slipway.Benchmarks -c Release -- --filter '*Json*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
