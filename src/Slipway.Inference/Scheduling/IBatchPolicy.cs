namespace Slipway.Inference.Scheduling;

/// <summary>Says when waiting requests should run, and how many rows together. Pure: the same snapshot gives the same answer.</summary>
internal interface IBatchPolicy
{
    /// <summary>Most rows that a batch may have; 1 when requests are not run together.</summary>
    int MaxRows { get; }

    /// <summary>Decides, given that the model could run now.</summary>
    BatchAction Decide(in QueueSnapshot queue);

    /// <summary>Rows to run for a batch of <paramref name="rows"/>: more where only certain sizes are allowed.</summary>
    int PaddedRows(int rows);
}
