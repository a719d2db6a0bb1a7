using Microsoft.Extensions.Options;

namespace Slipway.Inference.Scheduling;

/// <summary>Refuses impossible <see cref="SchedulingOptions"/> at start, all faults at once.</summary>
internal sealed class SchedulingOptionsValidator : IValidateOptions<SchedulingOptions>
{
    public ValidateOptionsResult Validate(string? name, SchedulingOptions options)
    {
        List<string> faults = [];
        if (options.InlineThreshold < TimeSpan.Zero || options.InlineThreshold > TimeSpan.FromSeconds(1))
        {
            faults.Add($"SchedulingOptions.InlineThreshold must be 0 to 1 s, not {options.InlineThreshold}");
        }

        if (options.MaxConcurrentRuns < 0)
        {
            faults.Add($"SchedulingOptions.MaxConcurrentRuns must be 0 or more, not {options.MaxConcurrentRuns}");
        }

        if (options.RunThreadIdleTime <= TimeSpan.Zero || options.RunThreadIdleTime > TimeSpan.FromHours(1))
        {
            faults.Add($"SchedulingOptions.RunThreadIdleTime must be more than 0 and at most 1 hour, not {options.RunThreadIdleTime}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
