using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics;

/// <summary>The process under the names that Prometheus client libraries agree on, and what build it is.</summary>
internal sealed class ProcessMetricSource : IMetricSource
{
    private readonly DateTimeOffset _started;
    private readonly LabelSet _build;

    public ProcessMetricSource()
    {
        using Process process = Process.GetCurrentProcess();
        _started = process.StartTime.ToUniversalTime();
        Assembly assembly = typeof(ProcessMetricSource).Assembly;
        _build = LabelSet.Of(
            new("version", assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"),
            new("runtime", RuntimeInformation.FrameworkDescription),
            new("rid", RuntimeInformation.RuntimeIdentifier));
    }

    /// <inheritdoc/>
    public void Collect(List<MetricFamily> families)
    {
        using Process process = Process.GetCurrentProcess();
        families.Add(Single("slipway_build", MetricKind.Info, "", "What is running", _build, 1));
        families.Add(Single(
            "process_cpu_seconds", MetricKind.Counter, "seconds", "User and system CPU time spent", LabelSet.Empty, process.TotalProcessorTime.TotalSeconds));
        families.Add(Single(
            "process_resident_memory_bytes", MetricKind.Gauge, "bytes", "Resident memory", LabelSet.Empty, process.WorkingSet64));
        families.Add(Single(
            "process_virtual_memory_bytes", MetricKind.Gauge, "bytes", "Virtual memory", LabelSet.Empty, process.VirtualMemorySize64));
        families.Add(Single(
            "process_start_time_seconds", MetricKind.Gauge, "seconds", "Start of the process since the epoch", LabelSet.Empty,
            _started.ToUnixTimeMilliseconds() / 1000.0));
        families.Add(Single("process_threads", MetricKind.Gauge, "", "Threads of the process", LabelSet.Empty, process.Threads.Count));
        if (OperatingSystem.IsLinux())
        {
            AddDescriptors(families);
        }
    }

    private static void AddDescriptors(List<MetricFamily> families)
    {
        families.Add(Single(
            "process_open_fds", MetricKind.Gauge, "", "Open file descriptors", LabelSet.Empty, Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()));
        string? limit = File.ReadLines("/proc/self/limits").FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string? soft = limit?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (double.TryParse(soft, CultureInfo.InvariantCulture, out double most))
        {
            families.Add(Single("process_max_fds", MetricKind.Gauge, "", "Most file descriptors that may be open", LabelSet.Empty, most));
        }
    }

    private static MetricFamily Single(string name, MetricKind kind, string unit, string help, LabelSet labels, double value) =>
        new MetricFamily(name, kind, unit, help).Add(labels, value);
}
