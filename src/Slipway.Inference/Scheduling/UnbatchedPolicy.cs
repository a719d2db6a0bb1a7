namespace Slipway.Inference.Scheduling;

/// <summary>Each request runs alone, as soon as there is an instance for it.</summary>
internal sealed class UnbatchedPolicy : IBatchPolicy
{
    public static UnbatchedPolicy Instance { get; } = new();

    public int MaxRows => 1;

    public BatchAction Decide(in QueueSnapshot queue) => queue.Rows == 0 ? BatchAction.Idle : BatchAction.RunOne;

    public int PaddedRows(int rows) => rows;
}
