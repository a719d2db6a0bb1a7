namespace Slipway.Pipelines.Expressions;

/// <summary>
/// Reads expressions and texts of rules. Nothing is repeated without a bound and nothing calls itself: the only loops are folds over a range. Nesting is bounded, so
/// that no text can exhaust the stack.
/// </summary>
internal sealed class Parser
{
    private const int MaxDepth = 100;
    private const int MaxTree = 300;
    private const int MaxDefinitions = 256;
    private const int MaxChoices = 10_000;

    private readonly TokenCursor _tokens;
    private int _depth;

    private Parser(string text)
    {
        _tokens = new TokenCursor(text);
    }

    /// <summary>Reads one expression.</summary>
    /// <exception cref="Slipway.Core.SlipwayException"><see cref="Slipway.Core.ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public static Syntax ReadExpression(string text)
    {
        Parser parser = new(text);
        Syntax expression = parser.Expression();
        return parser._tokens.Now.Kind == TokenKind.End ? expression : throw parser._tokens.Unexpected("the end");
    }

    /// <summary>Reads definitions; a new one begins with its name and <c>=</c>, wherever lines end.</summary>
    /// <exception cref="Slipway.Core.SlipwayException"><see cref="Slipway.Core.ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public static IReadOnlyList<Definition> ReadRules(string text)
    {
        Parser parser = new(text);
        List<Definition> definitions = [];
        while (parser._tokens.Now.Kind != TokenKind.End)
        {
            if (definitions.Count == MaxDefinitions)
            {
                throw ExpressionFailure.At(parser._tokens.Now.At, $"at most {MaxDefinitions} definitions are allowed");
            }

            definitions.Add(parser.ReadDefinition());
            while (parser._tokens.TrySign(";"))
            {
            }
        }

        return definitions.Exists(static definition => definition.IsOutput)
            ? definitions
            : throw ExpressionFailure.At(parser._tokens.Now.At, "at least one definition is expected, as in: decision = if score > 0.8 then \"review\" else \"approve\"");
    }

    private Definition ReadDefinition()
    {
        Place place = _tokens.Now.At;
        bool isLet = _tokens.TryWord("let");
        string name = _tokens.Name("the name of what is defined");
        _tokens.Sign("=");
        Syntax value = Expression();
        return _tokens.Now.Kind == TokenKind.End || _tokens.IsSign(";") || _tokens.IsWord("let") || (_tokens.Now.Kind == TokenKind.Name && _tokens.Next is { Kind: TokenKind.Sign, Text: "=" })
            ? new Definition(place, name, value, !isLet)
            : throw _tokens.Unexpected("an operator, or the next definition");
    }

    private Syntax Expression()
    {
        if (++_depth > MaxDepth)
        {
            throw ExpressionFailure.At(_tokens.Now.At, $"nested more than {MaxDepth} deep");
        }

        Syntax expression = _tokens.IsWord("if") ? Choice() : _tokens.IsWord("let") ? Let() : Or();
        _depth--;
        return Bounded(expression);
    }

    private IfSyntax Choice()
    {
        Place place = _tokens.Take().At;
        Syntax condition = Expression();
        _tokens.Word("then");
        Syntax then = Expression();
        _tokens.Word("else");
        return new IfSyntax(place, condition, then, Expression());
    }

    private LetSyntax Let()
    {
        Place place = _tokens.Take().At;
        string name = _tokens.Name("a name");
        _tokens.Sign("=");
        Syntax value = Expression();
        _tokens.Word("in");
        return new LetSyntax(place, name, value, Expression());
    }

    private Syntax Or() => Chain(And, "or");

    private Syntax And() => Chain(Not, "and");

    private Syntax Chain(Func<Syntax> operand, string word)
    {
        Syntax left = operand();
        while (_tokens.IsWord(word))
        {
            Place place = _tokens.Take().At;
            left = Bounded(new BinarySyntax(place, word, left, operand()));
        }

        return left;
    }

    private Syntax Not()
    {
        if (!_tokens.IsWord("not"))
        {
            return Comparison();
        }

        Place place = _tokens.Take().At;
        return Nested(() => new UnarySyntax(place, "not", Not()));
    }

    private Syntax Comparison()
    {
        Syntax left = Sum();
        if (_tokens.IsSign("==", "!=", "<", "<=", ">", ">="))
        {
            Token sign = _tokens.Take();
            Syntax right = Sum();
            return _tokens.IsSign("==", "!=", "<", "<=", ">", ">=")
                ? throw ExpressionFailure.At(_tokens.Now.At, "comparisons can't be chained: write a < b and b < c")
                : new BinarySyntax(sign.At, sign.Text, left, right);
        }

        bool isNot = _tokens.IsWord("not") && _tokens.Next is { Kind: TokenKind.Word, Text: "in" };
        if (!isNot && !_tokens.IsWord("in"))
        {
            return left;
        }

        // The 'in' of a let does not begin a list.
        if (!isNot && _tokens.Next is not { Kind: TokenKind.Sign, Text: "[" })
        {
            return left;
        }

        Place place = _tokens.Take().At;
        if (isNot)
        {
            _tokens.Take();
        }

        return new InSyntax(place, left, Choices(), isNot);
    }

    private List<Syntax> Choices()
    {
        _tokens.Sign("[");
        List<Syntax> choices = [];
        do
        {
            if (choices.Count == MaxChoices)
            {
                throw ExpressionFailure.At(_tokens.Now.At, $"at most {MaxChoices} choices are allowed");
            }

            choices.Add(Expression());
        }
        while (_tokens.TrySign(","));
        _tokens.Sign("]");
        return choices;
    }

    private Syntax Sum() => Operators(Product, "+", "-");

    private Syntax Product() => Operators(Unary, "*", "/", "//", "%");

    private Syntax Operators(Func<Syntax> operand, params string[] signs)
    {
        Syntax left = operand();
        while (_tokens.IsSign(signs))
        {
            Token sign = _tokens.Take();
            left = Bounded(new BinarySyntax(sign.At, sign.Text, left, operand()));
        }

        return left;
    }

    private Syntax Unary()
    {
        if (!_tokens.IsSign("-"))
        {
            return Element();
        }

        Place place = _tokens.Take().At;

        // The smallest whole number has no positive counterpart.
        return Nested(() => new UnarySyntax(place, "-", Unary()));
    }

    private Syntax Element()
    {
        Syntax value = Primary();
        while (_tokens.IsSign("["))
        {
            Place place = _tokens.Take().At;
            Syntax index = Expression();
            _tokens.Sign("]");
            value = Bounded(new IndexSyntax(place, value, index));
        }

        return value;
    }

    private Syntax Primary()
    {
        Token token = _tokens.Now;
        bool isValue = token.Kind switch
        {
            TokenKind.End => false,
            TokenKind.Sign => token.Text == "(",
            TokenKind.Word => token.Text is "true" or "false" or "nan" or "inf",
            _ => true,
        };
        if (!isValue)
        {
            throw _tokens.Unexpected("a value");
        }

        _tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Integer:
                return new IntegerSyntax(token.At, token.Integer);
            case TokenKind.Number:
                return new NumberSyntax(token.At, token.Number);
            case TokenKind.Text:
                return new TextSyntax(token.At, token.Text);
            case TokenKind.Word when token.Text is "true" or "false":
                return new TruthSyntax(token.At, token.Text == "true");
            case TokenKind.Word when token.Text is "nan" or "inf":
                return new NumberSyntax(token.At, token.Text == "nan" ? double.NaN : double.PositiveInfinity);
            case TokenKind.Name:
                return _tokens.IsSign("(") ? Call(token) : new NameSyntax(token.At, Path(token.Text));
            default:
                Syntax inner = Expression();
                _tokens.Sign(")");
                return inner;
        }
    }

    private string Path(string first)
    {
        string path = first;
        while (_tokens.TrySign("."))
        {
            path += "." + _tokens.Name("a name behind the point");
        }

        return path;
    }

    private Syntax Call(Token name)
    {
        _tokens.Sign("(");
        List<Syntax> arguments = [];
        if (!_tokens.TrySign(")"))
        {
            do
            {
                arguments.Add(Expression());
            }
            while (arguments.Count < MaxDepth && _tokens.TrySign(","));
            if (arguments.Count == 1 && _tokens.IsWord("for"))
            {
                return Fold(name, arguments[0]);
            }

            _tokens.Sign(")");
        }

        return new CallSyntax(name.At, name.Text, arguments);
    }

    private FoldSyntax Fold(Token name, Syntax body)
    {
        if (!TokenCursor.Folds.Contains(name.Text))
        {
            throw ExpressionFailure.At(name.At, $"'{name.Text}' can't be taken over a range: {string.Join(", ", TokenCursor.Folds)} can");
        }

        _tokens.Take();
        string variable = _tokens.Name("a name");
        _tokens.Word("in");
        Syntax from = Sum();
        _tokens.Sign("..");
        Syntax to = Sum();
        _tokens.Sign(")");
        return new FoldSyntax(name.At, name.Text, body, variable, from, to);
    }

    private T Nested<T>(Func<T> read)
        where T : Syntax
    {
        if (++_depth > MaxDepth)
        {
            throw ExpressionFailure.At(_tokens.Now.At, $"nested more than {MaxDepth} deep");
        }

        T syntax = read();
        _depth--;
        return syntax;
    }

    // A chain of operators leans to the left: its depth is its length, to which that of what stands in it is added.
    private static Syntax Bounded(Syntax syntax) => syntax.Depth <= MaxTree
        ? syntax
        : throw ExpressionFailure.At(syntax.At, $"more than {MaxTree} operators within each other: give parts of it names with let");
}
