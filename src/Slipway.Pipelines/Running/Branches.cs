namespace Slipway.Pipelines.Running;

/// <summary>Runs several things at once.</summary>
internal static class Branches
{
    /// <summary>Runs all of them, the last on this thread. The first failure ends the others, and is thrown when all have ended.</summary>
    public static async ValueTask<StepResult[]> RunAsync(IReadOnlyList<Func<CancellationToken, ValueTask<StepResult>>> branches, CancellationToken cancellationToken)
    {
        if (branches.Count == 1)
        {
            return [await branches[0](cancellationToken)];
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? failure = null;
        Task<StepResult?>[] tasks = new Task<StepResult?>[branches.Count];
        for (int i = 0; i < tasks.Length - 1; i++)
        {
            Func<CancellationToken, ValueTask<StepResult>> branch = branches[i];
            tasks[i] = Task.Factory.StartNew(() => TryAsync(branch), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        }

        tasks[^1] = TryAsync(branches[^1]);
        StepResult?[] results = await Task.WhenAll(tasks);
        if (failure is null)
        {
            return results!;
        }

        foreach (StepResult? result in results)
        {
            result?.Dispose();
        }

        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return [];

        async Task<StepResult?> TryAsync(Func<CancellationToken, ValueTask<StepResult>> branch)
        {
            try
            {
                return await branch(stop.Token);
            }
            catch (Exception exception)
            {
                if (Interlocked.CompareExchange(ref failure, exception, null) is null)
                {
                    await stop.CancelAsync();
                }

                return null;
            }
        }
    }
}
