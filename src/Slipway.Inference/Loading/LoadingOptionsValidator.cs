using Microsoft.Extensions.Options;

namespace Slipway.Inference.Loading;

/// <summary>Refuses impossible <see cref="LoadingOptions"/> at start, all faults at once.</summary>
internal sealed class LoadingOptionsValidator : IValidateOptions<LoadingOptions>
{
    public ValidateOptionsResult Validate(string? name, LoadingOptions options)
    {
        List<string> faults = [];
        if (options.ParallelLoads is < 1 or > 1024)
        {
            faults.Add($"models.parallelLoads must be 1 to 1024, not {options.ParallelLoads}");
        }

        if (options.MaxResidentBytes < 0)
        {
            faults.Add($"models.maxResidentBytes must be 0 or more, not {options.MaxResidentBytes}");
        }

        if (options.MaxResidentModels < 0)
        {
            faults.Add($"models.maxResident must be 0 or more, not {options.MaxResidentModels}");
        }

        if (options.LoadAttempts < 1)
        {
            faults.Add($"LoadingOptions.LoadAttempts must be 1 or more, not {options.LoadAttempts}");
        }

        if (options.RetryDelay < TimeSpan.Zero || options.RetryDelay > TimeSpan.FromHours(1))
        {
            faults.Add($"LoadingOptions.RetryDelay must be 0 to 1 hour, not {options.RetryDelay}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
