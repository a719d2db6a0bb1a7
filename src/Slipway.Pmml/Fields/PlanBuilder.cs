using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>Gathers what a plan is made of while a document is compiled: slots, symbols, lists of inputs. Bounds what a small document may grow into.</summary>
internal sealed class PlanBuilder
{
    private const int MaxSlots = 4_000_000;
    private const int MaxExpressions = 5_000_000;
    private const int MaxDepth = 500;

    private readonly List<double> _template = [];
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<PmmlElement, object> _shared = [];
    private readonly List<Action<Func<Frame>>> _work = [];
    private int _expressions;
    private int _depth;

    public PlanBuilder(PmmlElement document, CancellationToken cancellationToken)
    {
        Document = document;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The element <c>PMML</c>.</summary>
    public PmmlElement Document { get; }

    /// <summary>Texts that the document names.</summary>
    public Symbols Symbols { get; } = new();

    /// <summary>Fields of the data dictionary by name.</summary>
    public Dictionary<string, DataField> DataFields { get; } = new(StringComparer.Ordinal);

    /// <summary>The cells of a row before anything is computed.</summary>
    public double[] Template => [.. _template];

    /// <summary>The code of a text.</summary>
    public double Code(string text) => Symbols.Intern(text);

    /// <summary>A fresh slot.</summary>
    public int AddSlot(double initial) => AddSlots(1, initial);

    /// <summary>Fresh slots side by side; gives the first.</summary>
    public int AddSlots(int count, double initial)
    {
        int first = _template.Count;
        if (count > MaxSlots - first)
        {
            throw PmmlError.Invalid(string.Create(CultureInfo.InvariantCulture, $"the model needs more than {MaxSlots} intermediate values a row"));
        }

        for (int i = 0; i < count; i++)
        {
            _template.Add(initial);
        }

        return first;
    }

    /// <summary>Wraps an expression so that it is computed once a row.</summary>
    public MemoExpression Memo(Expression source) => new(AddSlot(Cell.Pending), source);

    /// <summary>What is computed for a row before the model is evaluated.</summary>
    public List<Expression> Eager { get; } = [];

    /// <summary>Work that needs the whole plan: done when all is compiled, with the means to make a frame.</summary>
    public void WhenComplete(Action<Func<Frame>> work) => _work.Add(work);

    /// <summary>Does the work that was left for the end.</summary>
    public void Complete(Func<Frame> newFrame) => _work.ForEach(work => work(newFrame));

    /// <summary>What is made once for an element, however often the element is compiled.</summary>
    public T Shared<T>(PmmlElement element, Func<PmmlElement, T> make)
        where T : class
    {
        if (!_shared.TryGetValue(element, out object? made))
        {
            made = make(element);
            _shared.Add(element, made);
        }

        return (T)made;
    }

    /// <summary>Counts compiled expressions: functions that use each other may stand for far more than the document's size.</summary>
    public void CountExpression(PmmlElement element)
    {
        if (++_expressions > MaxExpressions)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"makes the document's expressions more than {MaxExpressions} when its functions are written out"));
        }

        if ((_expressions & 0xFFF) == 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Goes one level into what is compiled recursively: expressions, derived fields that need others, models within models. Evaluation recurses as deep,
    /// so the bound keeps both within a thread's stack.
    /// </summary>
    public void Enter(PmmlElement element)
    {
        if (++_depth > MaxDepth)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"needs expressions, fields or models more than {MaxDepth} levels deep"));
        }
    }

    /// <summary>Comes back from <see cref="Enter"/>.</summary>
    public void Leave() => _depth--;

    /// <summary>What callers give for each row, in the order in which they were added.</summary>
    public List<PlanInput> Inputs { get; } = [];

    /// <summary>A text of the document as a constant of a type.</summary>
    public double Constant(PmmlElement element, string text, PmmlType type) => CellText.TryParse(text, type, Code, out double cell)
        ? cell
        : throw PmmlError.Invalid(element, $"has the value '{text}', which is no {type}");
}
