using Microsoft.Extensions.Options;

namespace Slipway.OnnxRuntime;

/// <summary>Reports every wrong setting of <see cref="OnnxRuntimeOptions"/> at once.</summary>
internal sealed class OnnxRuntimeOptionsValidator : IValidateOptions<OnnxRuntimeOptions>
{
    private const int MostThreads = 4096;

    public ValidateOptionsResult Validate(string? name, OnnxRuntimeOptions options)
    {
        List<string> faults = [];
        Threads(nameof(options.IntraOpThreads), options.IntraOpThreads, faults);
        Threads(nameof(options.InterOpThreads), options.InterOpThreads, faults);
        Folder(nameof(options.OptimizedModelFolder), options.OptimizedModelFolder, faults);
        Folder(nameof(options.ProfilingFolder), options.ProfilingFolder, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Threads(string key, int value, List<string> faults)
    {
        if (value is < 0 or > MostThreads)
        {
            faults.Add($"{OnnxRuntimeOptions.Section}:{key} is {value}: it must be between 0 and {MostThreads}");
        }
    }

    private static void Folder(string key, string? value, List<string> faults)
    {
        if (value is not null && (value.Length == 0 || value.Contains('\0', StringComparison.Ordinal)))
        {
            faults.Add($"{OnnxRuntimeOptions.Section}:{key} must be a folder, or be left out");
        }
    }
}
